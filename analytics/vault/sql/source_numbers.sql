-- yields: small numbers of sources. grain: one row per source. trust: N
SELECT source, source_no FROM source
