-- yields: nothing; remembers that entries before a date are gone, and whether bytes of some may remain. trust: P
UPDATE vault
SET purged_before = greatest(coalesce(purged_before, $before), $before), rebuild_due = rebuild_due OR $any
