-- yields: operators' counts of one file: rows that change the register, rows of people without consent in force.
-- grain: one row. unit: rows. trust: P, never published
SELECT
    (SELECT count(*) FROM register_change WHERE status <> 'same'),
    (
        SELECT count(*)
        FROM arrived
        LEFT JOIN person USING (pseudonym)
        ANTI JOIN consent_in_force USING (person_no)
    )
