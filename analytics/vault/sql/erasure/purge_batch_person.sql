-- yields: nothing; forgets whose files are that came first before an instant. trust: P
DELETE FROM batch_person
WHERE batch_no IN (SELECT batch_no FROM batch WHERE first_at < $before)
