-- yields: nothing; gives a new number to people who came back with this file: their earlier rows have the old one.
-- trust: P
UPDATE person
SET person_no = nextval('person_number')
WHERE person_no IN (SELECT person_no FROM departed WHERE is_back)
