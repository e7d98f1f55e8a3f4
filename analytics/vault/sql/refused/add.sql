-- yields: the file's refused records of people with consent in force. grain: one row per refused record. trust: P
-- L9: what is held of one participant, and its place, depends on no other's records (docs/privacy/proof.md)
INSERT INTO refused_record BY NAME
SELECT
    person.person_no,
    $source_no AS source_no,
    waiting.kind,
    $batch_no AS batch_no,
    waiting.line,
    row_number() OVER (PARTITION BY person.person_no ORDER BY waiting.line, waiting.kind, waiting.texts) AS place,
    waiting.rule,
    waiting.column_name,
    $first_at AS first_at,
    waiting.texts
FROM refused_waiting AS waiting
JOIN person USING (pseudonym)
SEMI JOIN consent_in_force USING (person_no)
