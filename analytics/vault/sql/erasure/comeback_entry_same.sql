-- yields: nothing; of people who are given back, drops rows of `entry` that the record of today has newer:
-- an entry of the same key, or whose source deleted it meanwhile. trust: P
DELETE FROM entry
USING comeback
WHERE comeback.old_no <> comeback.new_no
  AND entry.person_no = comeback.old_no
  AND EXISTS (
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
