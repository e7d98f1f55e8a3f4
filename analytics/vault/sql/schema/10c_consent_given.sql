-- yields: who has given a consent that no withdrawal has closed, suspended or not, always today's: a withdrawal closes every
-- grant recorded up to it, whether it is among the events or on the list of withdrawn people. What is erased is
-- decided by this view, so that a suspension erases nothing. grain: one row per participant with such a grant.
-- unit: granted_at in UTC microseconds, of the latest. trust: P
-- L9: a function of one participant's events and of the list of withdrawn people (docs/privacy/proof.md)
CREATE OR REPLACE VIEW consent_given AS
SELECT given.person_no, min(given.covers_from) AS covers_from, max(given.recorded_at) AS granted_at
FROM consent_event AS given
JOIN person USING (person_no)
LEFT JOIN withdrawn USING (mark)
WHERE given.event = 'granted'
  AND given.scope = 'population_statistics'
  AND (withdrawn.withdrawn_at IS NULL OR withdrawn.withdrawn_at < given.recorded_at)
  AND NOT EXISTS (
      SELECT 1
      FROM consent_event AS closed
      WHERE closed.person_no = given.person_no
        AND closed.event = 'withdrawn'
        AND closed.recorded_at >= given.recorded_at
  )
GROUP BY given.person_no
