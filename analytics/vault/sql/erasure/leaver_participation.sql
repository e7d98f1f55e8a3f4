-- yields: nothing; deletes the rows of people who left from `participation`. trust: P
DELETE FROM participation
WHERE person_no IN (SELECT person_no FROM leaver)
