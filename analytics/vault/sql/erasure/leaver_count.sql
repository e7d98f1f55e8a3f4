-- yields: how many person numbers have their rows deleted now. grain: one row. trust: P
SELECT count(*) FROM leaver
