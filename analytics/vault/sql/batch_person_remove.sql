-- yields: nothing; forgets whose a file was that is no longer held. trust: P
DELETE FROM batch_person WHERE batch_no = $batch_no
