-- yields: operators' counts of one file. grain: one row. unit: rows. trust: P, never published
SELECT
    (SELECT count(*) FROM arrived_entry) AS arrived,
    (SELECT count(*) FROM latest_entry) AS latest,
    (SELECT count(*) FROM admitted_entry) AS admitted,
    (SELECT count(*) FROM admitted_entry WHERE standing = 'same') AS same
