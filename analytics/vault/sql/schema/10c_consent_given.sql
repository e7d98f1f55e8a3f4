-- yields: the people with a given consent that no withdrawal has closed, suspended or not, always today's: a withdrawal
-- closes every grant recorded up to it, whether it is among the events or on the suppression list. This view decides which
-- rows are erased, so a suspension erases none. grain: one row per participant with such a grant.
-- unit: granted_at in UTC microseconds, of the latest. trust: P
-- L9: a function of one participant's events and of the suppression list (docs/privacy/proof.md)
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
