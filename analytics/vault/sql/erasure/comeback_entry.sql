-- yields: nothing; rows of `entry` of people who come back get the person's number of today,
-- unless that number has an entry or a deletion of the same key. trust: P
UPDATE entry
SET person_no = comeback.new_no
FROM comeback
WHERE comeback.old_no <> comeback.new_no
  AND entry.person_no = comeback.old_no
  AND NOT EXISTS (
      SELECT 1
      FROM (
          SELECT person_no, source_no, key_kind, key_value FROM entry
          UNION ALL
          SELECT person_no, source_no, key_kind, key_value FROM deleted_entry
      ) AS newer
      WHERE newer.person_no = comeback.new_no
        AND newer.source_no IS NOT DISTINCT FROM entry.source_no
        AND newer.key_kind IS NOT DISTINCT FROM entry.key_kind
        AND newer.key_value IS NOT DISTINCT FROM entry.key_value
  )
