-- yields: how many numbers are still to be given back. grain: one row. trust: P
SELECT count(*) FROM comeback
