-- yields: how many records of a batch are held. grain: one row. unit: rows. trust: P, for operators
SELECT count(*) FROM refused_record WHERE batch_no = $batch_no
