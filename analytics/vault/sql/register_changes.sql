-- yields: the last row per participant and day within the file, and how it compares with the register; nothing of people
-- without consent in force. $again: the rows are refused records that are judged again.
-- grain: one row per participant and valid_from. trust: P
CREATE TEMP TABLE register_change AS
SELECT
    person.person_no,
    arrived.valid_from,
    arrived.keys,
    CASE
        WHEN stored.person_no IS NULL THEN 'new'
        WHEN $again AND stored.batch_no >= $batch_no THEN 'same'  -- a refused record never replaces what the same or a later file brought
        WHEN stored.keys = arrived.keys THEN 'same'
        ELSE 'changed'
    END AS status
FROM (
    SELECT line, pseudonym, valid_from, map($dimensions::VARCHAR[], keys) AS keys
    FROM arrived
    QUALIFY row_number() OVER (PARTITION BY pseudonym, valid_from ORDER BY line DESC) = 1
) AS arrived
JOIN person USING (pseudonym)
SEMI JOIN consent_in_force USING (person_no)
LEFT JOIN register AS stored USING (person_no, valid_from)
