-- yields: nothing; deletes numbers from `person` whose rows are deleted; they left it before. trust: P
DELETE FROM person
WHERE person_no IN (SELECT person_no FROM leaver)
