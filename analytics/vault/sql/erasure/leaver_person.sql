-- yields: nothing; deletes what the table `person` keeps of numbers whose rows are deleted: they left it before. trust: P
DELETE FROM person
WHERE person_no IN (SELECT person_no FROM leaver)
