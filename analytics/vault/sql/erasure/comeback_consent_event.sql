-- yields: nothing; rows of `consent_event` of people who come back get the person's number of today,
-- unless that number has the same event. trust: P
UPDATE consent_event
SET person_no = comeback.new_no
FROM comeback
WHERE comeback.old_no <> comeback.new_no
  AND consent_event.person_no = comeback.old_no
  AND NOT EXISTS (
      SELECT 1
      FROM (
          SELECT person_no, event, recorded_at, covers_from, scope FROM consent_event
      ) AS newer
      WHERE newer.person_no = comeback.new_no
        AND newer.event IS NOT DISTINCT FROM consent_event.event
        AND newer.recorded_at IS NOT DISTINCT FROM consent_event.recorded_at
        AND newer.covers_from IS NOT DISTINCT FROM consent_event.covers_from
        AND newer.scope IS NOT DISTINCT FROM consent_event.scope
  )
