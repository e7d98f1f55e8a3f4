-- yields: operators' counts of one file. grain: one row. unit: rows. trust: P, never published
SELECT count(*) FILTER (NOT known), count(*) FILTER (known) FROM deletion_new
