-- yields: the one definition of consent in force, always today's: given, not closed by a withdrawal, and not suspended, or
-- given again after the suspension. grain: one row per participant with consent. trust: P
-- L9: a function of one participant's events and of the suppression list (docs/privacy/proof.md)
CREATE OR REPLACE VIEW consent_in_force AS
SELECT consent_given.person_no, consent_given.covers_from
FROM consent_given
JOIN person USING (person_no)
LEFT JOIN suspension USING (mark)
WHERE suspension.suspended_at IS NULL OR suspension.suspended_at < consent_given.granted_at
