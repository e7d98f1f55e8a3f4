-- yields: nothing; records that entries before a date are gone, and whether a rebuild is due for their bytes. trust: P
UPDATE vault
SET purged_before = greatest(coalesce(purged_before, $before), $before), rebuild_due = rebuild_due OR $any
