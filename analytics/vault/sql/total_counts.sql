-- yields: operators' counts of one file. grain: one row. unit: rows. trust: P, never published
SELECT
    count(*) FILTER (status IN ('new', 'changed')) AS accepted,
    count(*) FILTER (status = 'same') AS same,
    count(*) FILTER (status = 'deleted') AS deleted
FROM total_status
