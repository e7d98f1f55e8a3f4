-- yields: how arrived consent events compare with what is known; policy_version is stored but not compared.
-- new: to be recorded. same: on record, or of no effect. closed: a grant that a withdrawal on the list has closed.
-- grain: one row per arrived pseudonym and event. trust: P
CREATE OR REPLACE TEMP TABLE consent_status AS
SELECT
    arrived.*,
    CASE
        WHEN arrived.event = 'granted' AND arrived.recorded_at <= withdrawn.withdrawn_at THEN 'closed'
        WHEN stored.person_no IS NOT NULL THEN 'same'
        WHEN arrived.event = 'granted' THEN 'new'
        WHEN arrived.recorded_at <= withdrawn.withdrawn_at THEN 'same'
        -- A withdrawal that says no time is on record once nothing was granted after one: sent again, it changes nothing.
        WHEN arrived.timeless
            THEN CASE
                WHEN coalesce(withdrawn.withdrawn_at, latest.withdrawn_at) IS NULL THEN 'new'
                WHEN coalesce(
                    latest.granted_at <= greatest(withdrawn.withdrawn_at, latest.withdrawn_at), TRUE
                ) THEN 'same'
                ELSE 'new'
            END
        ELSE 'new'
    END AS status
FROM (
    SELECT *
    FROM arrived
    QUALIFY row_number() OVER (
        PARTITION BY pseudonym, event, recorded_at, covers_from, scope ORDER BY line DESC
    ) = 1
) AS arrived
LEFT JOIN person USING (pseudonym)
LEFT JOIN withdrawn ON withdrawn.mark = arrived.mark
LEFT JOIN consent_event AS stored
    ON stored.person_no = person.person_no
    AND stored.event = arrived.event
    AND stored.recorded_at = arrived.recorded_at
    AND stored.covers_from IS NOT DISTINCT FROM arrived.covers_from
    AND stored.scope = arrived.scope
LEFT JOIN (
    SELECT
        person_no,
        max(recorded_at) FILTER (event = 'granted') AS granted_at,
        max(recorded_at) FILTER (event = 'withdrawn') AS withdrawn_at
    FROM consent_event
    GROUP BY person_no
) AS latest
    ON latest.person_no = person.person_no
