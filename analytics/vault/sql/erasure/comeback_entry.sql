-- yields: nothing; rows of `entry` of people who are given back get today's number. trust: P
UPDATE entry
SET person_no = comeback.new_no
FROM comeback
WHERE comeback.old_no <> comeback.new_no
  AND entry.person_no = comeback.old_no
