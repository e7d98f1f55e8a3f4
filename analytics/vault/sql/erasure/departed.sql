-- yields: the people whose rows leave every view: people without a given consent, and people who came back with this very
-- file (is_back): their stored rows belong to a consent that the file closes. is_stranger: never gave consent, so that no
-- row of theirs can wait. grain: one row per person. trust: P
CREATE OR REPLACE TEMP TABLE departed AS
SELECT
    person.person_no,
    person.pseudonym,
    person.mark AS suppression_hash,
    covered.person_no IS NOT NULL AS is_back,
    person.person_no NOT IN (SELECT person_no FROM consent_event WHERE event = 'granted') AS is_stranger
FROM person
LEFT JOIN consent_given AS covered USING (person_no)
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
