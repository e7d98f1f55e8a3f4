-- yields: nothing; deletes the rows of people who left from `refused_record`. trust: P
DELETE FROM refused_record
WHERE person_no IN (SELECT person_no FROM leaver)
