-- yields: nothing; deletes what the table `refused_record` keeps of people who left. trust: P
DELETE FROM refused_record
WHERE person_no IN (SELECT person_no FROM leaver)
