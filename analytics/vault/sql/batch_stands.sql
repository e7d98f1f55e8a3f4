-- yields: whether a file's transaction is really in the vault (a COMMIT after an error is silent). trust: P
SELECT count(*) FROM batch WHERE batch_no = $batch_no
