-- yields: nothing; removes the entries that their source deleted. trust: P
DELETE FROM entry
USING deletion_new AS deletion
WHERE entry.person_no = deletion.person_no
  AND entry.source_no = $source_no
  AND entry.key_kind = deletion.key_kind
  AND entry.key_value = deletion.key_value
