-- yields: nothing; removes the stored totals that the file corrects. trust: P
DELETE FROM questionnaire_total AS total
USING total_status AS arrived
WHERE arrived.status = 'changed'
  AND total.person_no = arrived.person_no
  AND total.source_no = $source_no
  AND total.instrument = arrived.instrument
  AND total.key_kind = arrived.key_kind
  AND total.key_value = arrived.key_value
