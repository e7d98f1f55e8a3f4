-- grain: one row per release that wrote participation, also where it counted nobody: a vault that lacks one that the
-- ledger has was restored from before it. trust: N
CREATE TABLE IF NOT EXISTS participation_release (
    product VARCHAR NOT NULL,
    period VARCHAR NOT NULL
)
