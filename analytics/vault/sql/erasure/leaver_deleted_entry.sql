-- yields: nothing; deletes the rows of people who left from `deleted_entry`. trust: P
DELETE FROM deleted_entry
WHERE person_no IN (SELECT person_no FROM leaver)
