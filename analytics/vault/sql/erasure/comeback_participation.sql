-- yields: nothing; rows of `participation` of people who come back get the person's number of today,
-- unless that number has the same release. trust: P
UPDATE participation
SET person_no = comeback.new_no
FROM comeback
WHERE comeback.old_no <> comeback.new_no
  AND participation.person_no = comeback.old_no
  AND NOT EXISTS (
      SELECT 1
      FROM (
          SELECT person_no, product, period FROM participation
      ) AS newer
      WHERE newer.person_no = comeback.new_no
        AND newer.product IS NOT DISTINCT FROM participation.product
        AND newer.period IS NOT DISTINCT FROM participation.period
  )
