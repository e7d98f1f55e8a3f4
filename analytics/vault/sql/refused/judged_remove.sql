-- yields: nothing; removes the held records that a retry did not refuse again. trust: P
DELETE FROM refused_record
USING judged
WHERE refused_record.batch_no = $batch_no
  AND refused_record.person_no = judged.person_no
  AND refused_record.place = judged.place
  AND judged.rule IS NULL
