-- yields: operators' counts of one file. grain: one row. unit: rows. trust: P, never published
SELECT count(*) FILTER (standing <> 'same') FROM register_change
