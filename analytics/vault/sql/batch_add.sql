-- yields: the record that files were ingested; a later pass over the same file adds nothing. grain: one row per file.
-- trust: P
INSERT INTO batch
SELECT batch_no, $source, $scale, $taken_in_at
FROM (SELECT unnest($numbers) AS batch_no)
ON CONFLICT (batch_no) DO NOTHING
