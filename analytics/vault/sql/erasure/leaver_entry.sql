-- yields: nothing; deletes what the table `entry` keeps of people who left. trust: P
DELETE FROM entry
WHERE person_no IN (SELECT person_no FROM leaver)
