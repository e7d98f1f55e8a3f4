-- yields: nothing; rows of `questionnaire_total` of people who are given back get today's number. trust: P
UPDATE questionnaire_total
SET person_no = comeback.new_no
FROM comeback
WHERE comeback.old_no <> comeback.new_no
  AND questionnaire_total.person_no = comeback.old_no
