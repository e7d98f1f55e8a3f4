-- yields: the consent events that are not on record yet; policy_version is kept but not compared.
-- grain: one row per participant and event. trust: P
CREATE TEMP TABLE consent_new AS
SELECT person.person_no, arrived.* EXCLUDE (pseudonym, line, timeless)
FROM (
    SELECT *
    FROM arrived
    QUALIFY row_number() OVER (
        PARTITION BY pseudonym, event, recorded_at, covers_from, scope ORDER BY line DESC
    ) = 1
) AS arrived
JOIN person USING (pseudonym)
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
WHERE stored.person_no IS NULL
  -- A withdrawal that says no time is on record once nothing was granted after one: sent again, it changes nothing.
  AND NOT (
      arrived.timeless
      AND latest.withdrawn_at IS NOT NULL
      AND coalesce(latest.granted_at <= latest.withdrawn_at, TRUE)
  )
