-- yields: nothing; from here on no view reads people without a given consent. trust: P
DELETE FROM person
WHERE person_no IN (SELECT person_no FROM departed WHERE NOT is_back)
