-- yields: nothing; deletes what the table `register` keeps of people without consent in force. trust: P
DELETE FROM register
WHERE person_no IN (SELECT person_no FROM leaver)
