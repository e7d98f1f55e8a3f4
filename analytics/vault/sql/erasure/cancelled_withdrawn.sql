-- yields: nothing; forgets the withdrawals of people whose batch is cancelled: the list is read again after. trust: P
DELETE FROM withdrawn
WHERE mark IN (SELECT mark FROM undone)
