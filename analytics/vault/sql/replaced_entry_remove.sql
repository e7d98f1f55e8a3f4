-- yields: nothing; removes the stored rows that the file corrects. grain: one row per corrected entry. trust: P
DELETE FROM entry
USING arrived
WHERE entry.person_no = arrived.person_no
  AND entry.source_no = $source_no
  AND entry.key_kind = arrived.key_kind
  AND entry.key_value = arrived.key_value
