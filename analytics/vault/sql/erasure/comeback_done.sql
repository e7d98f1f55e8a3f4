-- yields: nothing; the rows that were given back wait no longer. trust: P
DELETE FROM waiting_person
WHERE person_no IN (SELECT old_no FROM comeback)
