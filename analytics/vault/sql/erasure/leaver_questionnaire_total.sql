-- yields: nothing; deletes what the table `questionnaire_total` keeps of people who left. trust: P
DELETE FROM questionnaire_total
WHERE person_no IN (SELECT person_no FROM leaver)
