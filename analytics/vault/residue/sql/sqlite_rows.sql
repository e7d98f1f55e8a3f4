-- grain: one row per row of a table that the file itself names, in place of `every_table`
-- trust: P (all that the file keeps)
SELECT *
FROM every_table
