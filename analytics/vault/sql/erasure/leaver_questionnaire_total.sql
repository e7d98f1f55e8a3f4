-- yields: nothing; deletes the rows of people who left from `questionnaire_total`. trust: P
DELETE FROM questionnaire_total
WHERE person_no IN (SELECT person_no FROM leaver)
