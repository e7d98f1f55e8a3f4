-- yields: nothing; deletes what the table `participation` keeps of people who left. trust: P
DELETE FROM participation
WHERE person_no IN (SELECT person_no FROM leaver)
