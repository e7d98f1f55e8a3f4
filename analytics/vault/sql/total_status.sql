-- yields: how arrived questionnaire totals compare with what is stored; a key comes once in `arrived`.
-- $again: the rows are refused records that are judged again. grain: one row per participant, instrument and key. trust: P
CREATE OR REPLACE TEMP TABLE total_status AS
SELECT
    arrived.*,
    CASE
        WHEN deleted.person_no IS NOT NULL THEN 'deleted'
        WHEN stored.person_no IS NULL THEN 'new'
        WHEN $again AND stored.batch_no >= $batch_no THEN 'same'  -- a refused record never replaces what the same or a later file brought
        WHEN stored.local_date = arrived.local_date AND stored.total = arrived.total THEN 'same'
        ELSE 'changed'
    END AS status
FROM arrived
LEFT JOIN questionnaire_total AS stored
    ON stored.person_no = arrived.person_no
    AND stored.source_no = $source_no
    AND stored.instrument = arrived.instrument
    AND stored.key_kind = arrived.key_kind
    AND stored.key_value = arrived.key_value
LEFT JOIN deleted_entry AS deleted
    ON deleted.person_no = arrived.person_no
    AND deleted.source_no = $source_no
    AND deleted.key_kind = arrived.key_kind
    AND deleted.key_value = arrived.key_value
