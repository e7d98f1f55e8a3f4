-- yields: people with rows that only a closed grant covered, and a new number for those rows. grain: one row per
-- participant. trust: P
CREATE OR REPLACE TEMP TABLE uncovered AS
SELECT
    person.person_no,
    person.pseudonym,
    person.mark AS suppression_hash,
    consent_given.covers_from,
    nextval('person_number')::INTEGER AS waiting_no
FROM consent_given
JOIN person USING (person_no)
SEMI JOIN (
    SELECT person_no, local_date FROM entry
    UNION ALL
    SELECT person_no, local_date FROM questionnaire_total
) AS dated
    ON dated.person_no = consent_given.person_no
    AND dated.local_date < consent_given.covers_from
