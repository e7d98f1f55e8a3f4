-- yields: nothing; deletes what the table `register` keeps of people who left. trust: P
DELETE FROM register
WHERE person_no IN (SELECT person_no FROM leaver)
