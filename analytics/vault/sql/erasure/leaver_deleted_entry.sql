-- yields: nothing; deletes what the table `deleted_entry` keeps of people who left. trust: P
DELETE FROM deleted_entry
WHERE person_no IN (SELECT person_no FROM leaver)
