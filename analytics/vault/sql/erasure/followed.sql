-- yields: nothing; says which batch of the list the rows have followed, and that bytes of deleted rows may remain. trust: P
UPDATE vault SET withdrawals = $sequence, withdrawals_hash = $hash, rebuild_due = TRUE
