-- yields: the numbers of rows that only a closed grant covered; the rows wait from now on. grain: one row per participant.
-- trust: P
INSERT INTO waiting_person BY NAME
SELECT
    uncovered.waiting_no AS person_no,
    uncovered.pseudonym,
    uncovered.suppression_hash AS mark,
    coalesce(last_listed.list_no, 0) AS list_no
FROM uncovered
LEFT JOIN last_listed USING (suppression_hash)
