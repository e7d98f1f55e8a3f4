-- yields: the file's new and corrected rows in the vault, by day so that a period's reading skips the rest. trust: P
INSERT INTO entry BY NAME
SELECT
    * EXCLUDE (standing),
    $source AS source,
    $report_kind AS report_kind,
    $batch_no AS batch_no
FROM admitted_entry
WHERE standing <> 'same'
ORDER BY local_date, person_no, key_kind, key_value
