-- yields: where and why rows were refused, never a value. grain: one row per refused row. trust: P
INSERT INTO quarantine
SELECT $batch_no, line, rule, "column"
FROM refused
