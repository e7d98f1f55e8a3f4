-- yields: the new and corrected ones of the entries that may have been known. trust: P
INSERT INTO entry BY NAME
SELECT * EXCLUDE (standing, same_file), $source_no AS source_no, $batch_no AS batch_no
FROM admitted_entry
WHERE standing IN ('new', 'changed')
