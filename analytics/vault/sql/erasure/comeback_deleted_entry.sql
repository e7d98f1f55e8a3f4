-- yields: nothing; rows of `deleted_entry` of people who are given back get today's number. trust: P
UPDATE deleted_entry
SET person_no = comeback.new_no
FROM comeback
WHERE comeback.old_no <> comeback.new_no
  AND deleted_entry.person_no = comeback.old_no
