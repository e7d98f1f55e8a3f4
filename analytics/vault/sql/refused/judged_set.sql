-- yields: nothing; records why a retry refused held records again. grain: one row per refused record. trust: P
UPDATE refused_record
SET rule = judged.rule, column_name = judged.column_name
FROM judged
WHERE refused_record.batch_no = $batch_no
  AND refused_record.person_no = judged.person_no
  AND refused_record.place = judged.place
  AND judged.rule IS NOT NULL
