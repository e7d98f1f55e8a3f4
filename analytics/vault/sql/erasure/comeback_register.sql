-- yields: nothing; rows of `register` of people who are given back get today's number. trust: P
UPDATE register
SET person_no = comeback.new_no
FROM comeback
WHERE comeback.old_no <> comeback.new_no
  AND register.person_no = comeback.old_no
