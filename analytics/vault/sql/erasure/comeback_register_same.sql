-- yields: nothing; of people who are given back, drops rows of `register` that the record of today has newer:
-- a row of the same day. trust: P
DELETE FROM register
USING comeback
WHERE comeback.old_no <> comeback.new_no
  AND register.person_no = comeback.old_no
  AND EXISTS (
      SELECT 1
      FROM (
          SELECT person_no, valid_from FROM register
      ) AS newer
      WHERE newer.person_no = comeback.new_no
        AND newer.valid_from IS NOT DISTINCT FROM register.valid_from
  )
