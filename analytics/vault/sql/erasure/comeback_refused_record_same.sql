-- yields: nothing; of people who are given back, drops rows of `refused_record` that the record of today has newer:
-- the same place of the same batch. trust: P
DELETE FROM refused_record
USING comeback
WHERE comeback.old_no <> comeback.new_no
  AND refused_record.person_no = comeback.old_no
  AND EXISTS (
      SELECT 1
      FROM (
          SELECT person_no, batch_no, place FROM refused_record
      ) AS newer
      WHERE newer.person_no = comeback.new_no
        AND newer.batch_no IS NOT DISTINCT FROM refused_record.batch_no
        AND newer.place IS NOT DISTINCT FROM refused_record.place
  )
