-- yields: the record of deletions at the source. grain: one row per participant and key. trust: P
INSERT INTO deleted_entry BY NAME
SELECT person_no, $source_no AS source_no, key_kind, key_value
FROM deletion_new
WHERE NOT known
