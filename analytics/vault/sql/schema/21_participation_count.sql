-- grain: one row per count of a release that wrote participation, even if it counted no person or was killed before its
-- draw: a vault that lacks one that the ledger has was restored from before it. count_id: random; followed: the last
-- batch of the suppression list that was applied to the rows then. trust: N
CREATE TABLE IF NOT EXISTS participation_count (
    product VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    count_id VARCHAR NOT NULL UNIQUE,
    followed BIGINT NOT NULL
)
