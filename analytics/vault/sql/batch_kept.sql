-- yields: how many of the given files' transactions are really in the vault (a COMMIT after an error is silent). trust: P
SELECT count(*) FROM batch WHERE batch_no IN (SELECT unnest($numbers))
