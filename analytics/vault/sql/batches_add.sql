-- yields: the record that the files of a group were taken in. grain: one row per file. trust: P
INSERT INTO batch
SELECT batch_no, $source, $scale, $taken_in_at
FROM (SELECT unnest($numbers) AS batch_no)
