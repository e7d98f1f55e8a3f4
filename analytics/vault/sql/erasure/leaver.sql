-- yields: the people in the vault without consent in force: nothing of theirs stays. grain: one row per person. trust: P
CREATE OR REPLACE TEMP TABLE leaver AS
SELECT person_no
FROM person
ANTI JOIN consent_in_force USING (person_no)
