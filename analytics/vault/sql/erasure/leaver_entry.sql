-- yields: nothing; deletes the rows of people who left from `entry`. trust: P
DELETE FROM entry
WHERE person_no IN (SELECT person_no FROM leaver)
