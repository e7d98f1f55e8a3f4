-- yields: what the vault records of itself. grain: one row. trust: N
SELECT withdrawals, withdrawals_hash, rebuild_due, purged_before FROM vault
