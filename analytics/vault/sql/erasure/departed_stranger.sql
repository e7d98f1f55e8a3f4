-- yields: nothing; forgets the withdrawals of people who were not known; the list has them. trust: P
DELETE FROM consent_event
WHERE person_no IN (SELECT person_no FROM departed WHERE is_stranger)
