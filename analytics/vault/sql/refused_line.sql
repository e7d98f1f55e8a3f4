-- yields: where and why rows of one batch were refused. grain: one row per refused row. trust: P, for operators
SELECT line, rule FROM refused_row WHERE batch_no = $batch_no ORDER BY line
