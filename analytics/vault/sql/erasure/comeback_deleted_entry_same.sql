-- yields: nothing; of people who are given back, drops rows of `deleted_entry` that the record of today has newer:
-- a deletion of the same key, or an entry of it that came after. trust: P
DELETE FROM deleted_entry
USING comeback
WHERE comeback.old_no <> comeback.new_no
  AND deleted_entry.person_no = comeback.old_no
  AND EXISTS (
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
