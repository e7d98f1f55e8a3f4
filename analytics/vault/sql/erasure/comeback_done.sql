-- yields: nothing; what was given back waits no more. trust: P
DELETE FROM waiting_person
WHERE person_no IN (SELECT old_no FROM comeback)
