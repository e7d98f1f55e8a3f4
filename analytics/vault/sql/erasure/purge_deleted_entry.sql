-- yields: nothing; forgets deletions at the source of entries that are past retention. Kinds 0, 1 and 3 of keys are times
-- (a day's grace covers every offset); a source's own id has no date, and is kept. trust: P
DELETE FROM deleted_entry
WHERE key_kind IN (0, 1, 3)
  AND key_value < epoch_us($before::TIMESTAMP - INTERVAL 1 DAY)
