-- yields: nothing; deletes the rows of people who left from `register`. trust: P
DELETE FROM register
WHERE person_no IN (SELECT person_no FROM leaver)
