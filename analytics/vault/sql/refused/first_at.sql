-- yields: when a batch came whose records are held. grain: one row. trust: N
SELECT min(first_at) FROM refused_record WHERE batch_no = $batch_no
