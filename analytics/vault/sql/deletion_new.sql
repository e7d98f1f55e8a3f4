-- yields: the deletions of known people, and whether each is on record; where refused records are judged again ($again),
-- entries of the same or a later file are not deleted. grain: one row per participant and key. trust: P
CREATE OR REPLACE TEMP TABLE deletion_new AS
SELECT arrived.person_no, arrived.key_kind, arrived.key_value, stored.person_no IS NOT NULL AS known
FROM arrived
LEFT JOIN deleted_entry AS stored
    ON stored.person_no = arrived.person_no
    AND stored.source_no = $source_no
    AND stored.key_kind = arrived.key_kind
    AND stored.key_value = arrived.key_value
WHERE NOT $again
    OR NOT EXISTS (
        SELECT 1
        FROM (
            SELECT person_no, source_no, key_kind, key_value, batch_no
            FROM entry
            UNION ALL
            SELECT person_no, source_no, key_kind, key_value, batch_no
            FROM questionnaire_total
        ) AS present
        WHERE present.person_no = arrived.person_no
            AND present.source_no = $source_no
            AND present.key_kind = arrived.key_kind
            AND present.key_value = arrived.key_value
            AND present.batch_no >= $batch_no
    )
