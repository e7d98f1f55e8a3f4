-- yields: the deletions of known people, and whether each is on record. grain: one row per participant and key.
-- trust: P
CREATE OR REPLACE TEMP TABLE deletion_new AS
SELECT arrived.person_no, arrived.key_kind, arrived.key_value, stored.person_no IS NOT NULL AS known
FROM arrived
LEFT JOIN deleted_entry AS stored
    ON stored.person_no = arrived.person_no
    AND stored.source_no = $source_no
    AND stored.key_kind = arrived.key_kind
    AND stored.key_value = arrived.key_value
