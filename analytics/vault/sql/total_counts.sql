-- yields: operators' counts of one file. grain: one row. unit: rows. trust: P, never published
SELECT
    count(*) FILTER (standing IN ('new', 'changed')) AS accepted,
    count(*) FILTER (standing = 'same') AS same,
    count(*) FILTER (standing = 'deleted') AS deleted
FROM total_standing
