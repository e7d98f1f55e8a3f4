-- yields: nothing; records the last batch of the suppression list that was applied, and that a rebuild is due. trust: P
UPDATE vault SET withdrawals = $sequence, withdrawals_hash = $hash, rebuild_due = TRUE
