-- yields: the file's refused records of people with consent in force; an earlier pass over the file may have left some, and
-- their places come before. grain: one row per refused record. trust: P
-- L9: what is held of one participant, and its place, depends on no other's records (docs/privacy/proof.md)
INSERT INTO refused_record BY NAME
SELECT
    person.person_no,
    $source_no AS source_no,
    waiting.kind,
    $batch_no AS batch_no,
    waiting.line,
    coalesce(before.places, 0)
        + row_number() OVER (PARTITION BY person.person_no ORDER BY waiting.line, waiting.kind, waiting.texts) AS place,
    waiting.rule,
    waiting.column_name,
    $first_at AS first_at,
    waiting.texts
FROM refused_waiting AS waiting
JOIN person USING (pseudonym)
SEMI JOIN consent_in_force USING (person_no)
LEFT JOIN (
    SELECT person_no, max(place) AS places
    FROM refused_record
    WHERE batch_no = $batch_no
    GROUP BY person_no
) AS before USING (person_no)
