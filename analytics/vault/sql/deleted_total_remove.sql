-- yields: nothing; removes the questionnaire totals that their source deleted. trust: P
DELETE FROM questionnaire_total AS total
USING deletion_new AS deletion
WHERE total.person_no = deletion.person_no
  AND total.source_no = $source_no
  AND total.key_kind = deletion.key_kind
  AND total.key_value = deletion.key_value
