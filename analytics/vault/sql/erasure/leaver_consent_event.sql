-- yields: nothing; deletes what the table `consent_event` keeps of people who left. trust: P
DELETE FROM consent_event
WHERE person_no IN (SELECT person_no FROM leaver)
