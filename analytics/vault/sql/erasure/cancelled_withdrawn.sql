-- yields: nothing; forgets the withdrawals of people whose batch is cancelled; the list is read again afterwards. trust: P
DELETE FROM withdrawn
WHERE mark IN (SELECT suppression_hash FROM undone)
