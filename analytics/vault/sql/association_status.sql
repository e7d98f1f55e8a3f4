-- yields: how factors from another file of the same export compare with the entries that they belong to.
-- $again: the rows are refused records that are judged again, and factors which are there came by another.
-- grain: one row per participant and entry key. trust: P
CREATE OR REPLACE TEMP TABLE association_status AS
SELECT
    arrived.*,
    CASE
        WHEN deleted.person_no IS NOT NULL THEN 'deleted'
        WHEN stored.person_no IS NULL THEN 'no_entry'
        WHEN stored.factors = arrived.factors OR ($again AND stored.factors <> 0) THEN 'same'
        ELSE 'changed'
    END AS status
FROM arrived
LEFT JOIN entry AS stored
    ON stored.person_no = arrived.person_no
    AND stored.source_no = $source_no
    AND stored.key_kind = arrived.key_kind
    AND stored.key_value = arrived.key_value
LEFT JOIN deleted_entry AS deleted
    ON deleted.person_no = arrived.person_no
    AND deleted.source_no = $source_no
    AND deleted.key_kind = arrived.key_kind
    AND deleted.key_value = arrived.key_value
