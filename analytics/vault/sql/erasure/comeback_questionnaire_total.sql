-- yields: nothing; rows of `questionnaire_total` of people who come back get the person's number of today,
-- unless that number has a total of the same key. trust: P
UPDATE questionnaire_total
SET person_no = comeback.new_no
FROM comeback
WHERE comeback.old_no <> comeback.new_no
  AND questionnaire_total.person_no = comeback.old_no
  AND NOT EXISTS (
      SELECT 1
      FROM (
          SELECT person_no, source_no, instrument, key_kind, key_value FROM questionnaire_total
      ) AS newer
      WHERE newer.person_no = comeback.new_no
        AND newer.source_no IS NOT DISTINCT FROM questionnaire_total.source_no
        AND newer.instrument IS NOT DISTINCT FROM questionnaire_total.instrument
        AND newer.key_kind IS NOT DISTINCT FROM questionnaire_total.key_kind
        AND newer.key_value IS NOT DISTINCT FROM questionnaire_total.key_value
  )
