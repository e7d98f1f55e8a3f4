-- yields: of how many numbers the rows are deleted now. grain: one row. trust: P
SELECT count(*) FROM leaver
