-- yields: the source of a batch. grain: at most one row. trust: N
SELECT source FROM batch WHERE batch_no = $batch_no
