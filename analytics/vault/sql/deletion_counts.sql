-- yields: operators' count of one file: new deletions. grain: one row. unit: rows. trust: P, never published
SELECT count(*) FILTER (NOT known) FROM deletion_new
