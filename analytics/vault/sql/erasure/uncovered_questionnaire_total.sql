-- yields: nothing; rows that only a closed grant covered, and no given consent does, leave every view.
-- trust: P
UPDATE questionnaire_total
SET person_no = uncovered.waiting_no
FROM uncovered
WHERE uncovered.person_no = questionnaire_total.person_no
  AND questionnaire_total.local_date < uncovered.covers_from
