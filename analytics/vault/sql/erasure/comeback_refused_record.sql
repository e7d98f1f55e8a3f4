-- yields: nothing; rows of `refused_record` of people who are given back get today's number. trust: P
UPDATE refused_record
SET person_no = comeback.new_no
FROM comeback
WHERE comeback.old_no <> comeback.new_no
  AND refused_record.person_no = comeback.old_no
