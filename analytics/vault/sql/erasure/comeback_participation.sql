-- yields: nothing; rows of `participation` of people who are given back get today's number. trust: P
UPDATE participation
SET person_no = comeback.new_no
FROM comeback
WHERE comeback.old_no <> comeback.new_no
  AND participation.person_no = comeback.old_no
