-- yields: nothing; forgets the refused rows of a batch that was read again. trust: P
DELETE FROM quarantine WHERE batch_no = $batch_no
