-- yields: nothing; deletes the rows of people who left from `consent_event`. trust: P
DELETE FROM consent_event
WHERE person_no IN (SELECT person_no FROM leaver)
