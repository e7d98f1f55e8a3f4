-- yields: how arrived entries that may be known compare with what is stored, without those that are the same; a key
-- comes once in `arrived`, and lies within $first_person .. $last_person and $least .. $most, so that only the part of the
-- vault that matters is read. $again: the rows are refused records that are judged again. arrived.batch_no: the batch as
-- which a row came first. grain: one row per participant and entry key. trust: P
WITH stored AS (
    SELECT *
    FROM entry
    WHERE source_no = $source_no
      AND person_no BETWEEN $first_person AND $last_person
      AND key_value BETWEEN $least AND $most
),
status AS (
    SELECT
        arrived.place,
        coalesce(arrived.factors, stored.factors, 0) AS factors,
        stored.batch_no IS NOT DISTINCT FROM arrived.batch_no AS same_file,
        CASE
            WHEN deleted.person_no IS NOT NULL THEN 'deleted'
            WHEN stored.person_no IS NULL THEN 'new'
            WHEN $again AND stored.batch_no >= arrived.batch_no THEN 'same'  -- a refused record never replaces what the same or a later file brought
            WHEN stored.local_date = arrived.local_date
                AND stored.local_time IS NOT DISTINCT FROM arrived.local_time
                AND stored.utc_offset_min IS NOT DISTINCT FROM arrived.utc_offset_min
                AND stored.day_part IS NOT DISTINCT FROM arrived.day_part
                AND stored.daily = arrived.daily
                AND stored.mood_native = arrived.mood_native
                AND stored.mood_score = arrived.mood_score
                AND stored.factors = coalesce(arrived.factors, stored.factors)
                AND stored.sleep_thousandths IS NOT DISTINCT FROM arrived.sleep_thousandths
                AND stored.sleep_quality IS NOT DISTINCT FROM arrived.sleep_quality
                THEN 'same'
            ELSE 'changed'
        END AS status
    FROM arrived
    LEFT JOIN stored
        ON stored.person_no = arrived.person_no
        AND stored.key_kind = arrived.key_kind
        AND stored.key_value = arrived.key_value
    LEFT JOIN deleted_entry AS deleted
        ON deleted.person_no = arrived.person_no
        AND deleted.source_no = $source_no
        AND deleted.key_kind = arrived.key_kind
        AND deleted.key_value = arrived.key_value
)
SELECT place, factors, same_file, status
FROM status
WHERE status <> 'same'
ORDER BY place
