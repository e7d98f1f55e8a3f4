-- yields: nothing; deletes what the table `person` keeps of people without consent in force. trust: P
DELETE FROM person
WHERE person_no IN (SELECT person_no FROM leaver WHERE NOT is_back)
