-- yields: nothing; removes what a held file brought when it came first, and does not bring when it is read again (another
-- zone gives other keys; a stricter scale refuses). grain: one row per entry. trust: P
DELETE FROM entry
WHERE batch_no = $batch_no
  AND source_no = $source_no
  AND NOT EXISTS (
      SELECT 1
      FROM arrived
      WHERE arrived.person_no = entry.person_no
        AND arrived.key_kind = entry.key_kind
        AND arrived.key_value = entry.key_value
  )
