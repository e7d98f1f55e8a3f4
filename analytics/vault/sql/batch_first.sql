-- yields: a batch's source, and as which batch and when its file came first. grain: at most one row. trust: N
SELECT source, order_no, first_at FROM batch WHERE batch_no = $batch_no
