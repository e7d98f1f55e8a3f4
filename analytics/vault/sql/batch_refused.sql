-- yields: how many refused rows a batch has. grain: one row. trust: P, for operators
SELECT count(*) FROM quarantine WHERE batch_no = $batch_no
