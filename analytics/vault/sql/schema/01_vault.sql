-- yields: what the vault records of itself. grain: one row. withdrawals, withdrawals_hash: the last batch of the suppression
-- list that was applied to its rows; rebuild_due: bytes of deleted rows may still be in the file; purged_before:
-- entries before this local date were deleted for their age. trust: P
CREATE TABLE IF NOT EXISTS vault (
    format INTEGER NOT NULL,
    withdrawals BIGINT NOT NULL,
    withdrawals_hash VARCHAR NOT NULL,
    rebuild_due BOOLEAN NOT NULL,
    purged_before DATE
)
