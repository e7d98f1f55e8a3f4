-- yields: the numbers that are given back, of each person the newest first, and their new owner: the person's number of
-- today, or the old number if the person has none. grain: one row per person. trust: P
CREATE OR REPLACE TEMP TABLE comeback AS
SELECT
    waiting_person.person_no AS old_no,
    coalesce(person.person_no, waiting_person.person_no) AS new_no,
    waiting_person.pseudonym,
    waiting_person.mark AS suppression_hash
FROM waiting_person
SEMI JOIN decided USING (list_no)
LEFT JOIN person ON person.mark = waiting_person.mark
QUALIFY row_number() OVER (PARTITION BY waiting_person.mark ORDER BY waiting_person.person_no DESC) = 1
