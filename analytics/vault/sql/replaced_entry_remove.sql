-- yields: nothing; removes the stored rows that the file corrects. grain: one row per corrected entry. trust: P
DELETE FROM entry
USING admitted_entry AS admitted
WHERE admitted.standing = 'changed'
  AND entry.person_no = admitted.person_no
  AND entry.source_no = $source_no
  AND entry.key_kind = admitted.key_kind
  AND entry.key_value = admitted.key_value
