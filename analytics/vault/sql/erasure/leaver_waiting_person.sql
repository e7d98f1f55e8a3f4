-- yields: nothing; deletes the numbers themselves, with the pseudonyms of people who left. trust: P
DELETE FROM waiting_person
WHERE person_no IN (SELECT person_no FROM leaver)
