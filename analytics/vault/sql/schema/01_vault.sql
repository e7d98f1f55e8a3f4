-- yields: what the vault says of itself. grain: one row. withdrawals, withdrawals_hash: the batch of the list of withdrawn
-- people that its rows have followed; rebuild_due: rows were deleted whose bytes may still be in the file; purged_before:
-- entries before this local date were deleted for their age. trust: P
CREATE TABLE IF NOT EXISTS vault (
    format INTEGER NOT NULL,
    withdrawals BIGINT NOT NULL,
    withdrawals_hash VARCHAR NOT NULL,
    rebuild_due BOOLEAN NOT NULL,
    purged_before DATE
)
