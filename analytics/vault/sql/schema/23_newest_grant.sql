-- yields: when the newest grant of each participant with consent in force was recorded. A withdrawal closes every grant
-- recorded up to it, so where any grant is in force the newest one is. grain: one row per participant with consent.
-- unit: recorded_at in UTC microseconds. trust: P
-- L9: a function of one participant's events and of the suppression list (docs/privacy/proof.md)
CREATE OR REPLACE VIEW newest_grant AS
SELECT person_no, max(consent_event.recorded_at) AS recorded_at
FROM consent_event
JOIN consent_in_force USING (person_no)
WHERE event = 'granted' AND scope = 'population_statistics'
GROUP BY person_no
