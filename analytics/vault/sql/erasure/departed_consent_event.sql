-- yields: nothing; the consent events with which people came back go to their new number. trust: P
UPDATE consent_event
SET person_no = came_back.person_no
FROM (
    SELECT departed.person_no AS old_no, person.person_no, withdrawn.withdrawn_at
    FROM departed
    JOIN person USING (pseudonym)
    JOIN withdrawn ON withdrawn.mark = departed.suppression_hash
    WHERE departed.is_back
) AS came_back
WHERE consent_event.person_no = came_back.old_no
  AND consent_event.recorded_at > came_back.withdrawn_at
