-- yields: the one definition of consent in force, always today's: a withdrawal closes every grant recorded up to it.
-- grain: one row per participant with consent. trust: P
CREATE OR REPLACE VIEW consent_in_force AS
SELECT given.person_no, min(given.covers_from) AS covers_from
FROM consent_event AS given
WHERE given.event = 'granted'
  AND given.scope = 'population_statistics'
  AND NOT EXISTS (
      SELECT 1
      FROM consent_event AS closed
      WHERE closed.person_no = given.person_no
        AND closed.event = 'withdrawn'
        AND closed.recorded_at >= given.recorded_at
  )
GROUP BY given.person_no
