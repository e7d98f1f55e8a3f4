-- yields: the file's new and corrected register rows. grain: one row per participant and valid_from. trust: P
INSERT INTO register BY NAME
SELECT person_no, valid_from, keys, $batch_no AS batch_no
FROM register_change
WHERE status <> 'same'
