-- yields: nothing; rows of `refused_record` of people who come back get the person's number of today,
-- unless that number has the same place of the same batch. trust: P
UPDATE refused_record
SET person_no = comeback.new_no
FROM comeback
WHERE comeback.old_no <> comeback.new_no
  AND refused_record.person_no = comeback.old_no
  AND NOT EXISTS (
      SELECT 1
      FROM (
          SELECT person_no, batch_no, place FROM refused_record
      ) AS newer
      WHERE newer.person_no = comeback.new_no
        AND newer.batch_no IS NOT DISTINCT FROM refused_record.batch_no
        AND newer.place IS NOT DISTINCT FROM refused_record.place
  )
