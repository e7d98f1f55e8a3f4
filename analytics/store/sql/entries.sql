-- yields: all entries in order. grain: one row per release. trust: N
SELECT sequence, product, period, revision, body, previous_hash, hash
FROM release_entry
ORDER BY sequence
