-- yields: nothing; of people who are given back, drops rows of `participation` that the record of today has newer:
-- the same release. trust: P
DELETE FROM participation
USING comeback
WHERE comeback.old_no <> comeback.new_no
  AND participation.person_no = comeback.old_no
  AND EXISTS (
      SELECT 1
      FROM (
          SELECT person_no, product, period FROM participation
      ) AS newer
      WHERE newer.person_no = comeback.new_no
        AND newer.product IS NOT DISTINCT FROM participation.product
        AND newer.period IS NOT DISTINCT FROM participation.period
  )
