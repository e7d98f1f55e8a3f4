-- yields: the file's new and corrected questionnaire totals. grain: one row per participant, instrument, key. trust: P
INSERT INTO questionnaire_total BY NAME
SELECT * EXCLUDE (status), $source_no AS source_no, $batch_no AS batch_no
FROM total_status
WHERE status IN ('new', 'changed')
