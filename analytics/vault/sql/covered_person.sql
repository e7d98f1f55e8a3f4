-- yields: everybody who is known, and from when their consent in force covers entries; made once a file.
-- grain: one row per participant. trust: P
CREATE OR REPLACE TEMP TABLE covered_person AS
SELECT person.pseudonym, person.person_no, consent_in_force.covers_from
FROM person
LEFT JOIN consent_in_force USING (person_no)
