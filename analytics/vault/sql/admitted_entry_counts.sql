-- yields: operators' counts of some of a file's rows. grain: one row. unit: rows. trust: P, never published
SELECT
    count(*) FILTER (standing = 'deleted') AS deleted,
    count(*) FILTER (standing = 'same') AS same,
    count(*) FILTER (standing = 'changed' AND same_file) AS again
FROM admitted_entry
