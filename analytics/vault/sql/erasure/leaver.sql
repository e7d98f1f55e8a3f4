-- yields: whose rows go: people without consent in force, and people who came back with this very file (is_back): all that
-- is kept of them was kept under a consent that the file closes. grain: one row per person. trust: P
CREATE OR REPLACE TEMP TABLE leaver AS
SELECT person.person_no, person.mark, covered.person_no IS NOT NULL AS is_back
FROM person
LEFT JOIN consent_in_force AS covered USING (person_no)
LEFT JOIN (
    SELECT consent_event.person_no
    FROM consent_event
    JOIN person USING (person_no)
    JOIN withdrawn USING (mark)
    WHERE consent_event.batch_no <> $batch_no
    GROUP BY consent_event.person_no
    HAVING max(consent_event.recorded_at) <= max(withdrawn.withdrawn_at)
) AS closed USING (person_no)
WHERE covered.person_no IS NULL OR closed.person_no IS NOT NULL
