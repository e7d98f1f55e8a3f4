-- yields: nothing; removes the stored totals that the file corrects. trust: P
DELETE FROM questionnaire_total AS total
USING total_standing AS arrived
WHERE arrived.standing = 'changed'
  AND total.person_no = arrived.person_no
  AND total.source_no = $source_no
  AND total.instrument = arrived.instrument
  AND total.key_kind = arrived.key_kind
  AND total.key_value = arrived.key_value
