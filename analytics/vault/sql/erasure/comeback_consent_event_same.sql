-- yields: nothing; of people who are given back, drops rows of `consent_event` that the record of today has newer:
-- the same event. trust: P
DELETE FROM consent_event
USING comeback
WHERE comeback.old_no <> comeback.new_no
  AND consent_event.person_no = comeback.old_no
  AND EXISTS (
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
