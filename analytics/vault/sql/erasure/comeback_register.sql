-- yields: nothing; rows of `register` of people who come back get the person's number of today,
-- unless that number has a row of the same day. trust: P
UPDATE register
SET person_no = comeback.new_no
FROM comeback
WHERE comeback.old_no <> comeback.new_no
  AND register.person_no = comeback.old_no
  AND NOT EXISTS (
      SELECT 1
      FROM (
          SELECT person_no, valid_from FROM register
      ) AS newer
      WHERE newer.person_no = comeback.new_no
        AND newer.valid_from IS NOT DISTINCT FROM register.valid_from
  )
