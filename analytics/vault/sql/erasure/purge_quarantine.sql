-- yields: nothing; forgets refused rows of files that came first before an instant, held or not. trust: P
DELETE FROM quarantine
WHERE batch_no IN (SELECT batch_no FROM batch WHERE first_at < $before)
