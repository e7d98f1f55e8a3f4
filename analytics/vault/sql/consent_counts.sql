-- yields: operators' counts of one file. grain: one row. unit: rows. trust: P, never published
SELECT count(*) FROM consent_new
