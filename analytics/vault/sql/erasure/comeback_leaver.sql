-- yields: the numbers that were given back as another one; the rows that they still have are older than today's record,
-- and are deleted as a leaver's. grain: one row per person number. trust: P
CREATE OR REPLACE TEMP TABLE leaver AS
SELECT old_no AS person_no
FROM comeback
WHERE old_no <> new_no
