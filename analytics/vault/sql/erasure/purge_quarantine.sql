-- yields: nothing; forgets refused rows of files that came before an instant. trust: P
DELETE FROM quarantine
WHERE batch_no IN (SELECT batch_no FROM batch WHERE taken_in_at < $before)
