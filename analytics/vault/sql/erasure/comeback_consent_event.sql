-- yields: nothing; rows of `consent_event` of people who are given back get today's number. trust: P
UPDATE consent_event
SET person_no = comeback.new_no
FROM comeback
WHERE comeback.old_no <> comeback.new_no
  AND consent_event.person_no = comeback.old_no
