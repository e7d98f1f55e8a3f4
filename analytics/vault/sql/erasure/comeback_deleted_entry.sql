-- yields: nothing; rows of `deleted_entry` of people who come back get the person's number of today,
-- unless that number has a deletion or an entry of the same key. trust: P
UPDATE deleted_entry
SET person_no = comeback.new_no
FROM comeback
WHERE comeback.old_no <> comeback.new_no
  AND deleted_entry.person_no = comeback.old_no
  AND NOT EXISTS (
      SELECT 1
      FROM (
          SELECT person_no, source_no, key_kind, key_value FROM deleted_entry
          UNION ALL
          SELECT person_no, source_no, key_kind, key_value FROM entry
      ) AS newer
      WHERE newer.person_no = comeback.new_no
        AND newer.source_no IS NOT DISTINCT FROM deleted_entry.source_no
        AND newer.key_kind IS NOT DISTINCT FROM deleted_entry.key_kind
        AND newer.key_value IS NOT DISTINCT FROM deleted_entry.key_value
  )
