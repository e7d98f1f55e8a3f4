-- grain: one row per count of a release that wrote participation, also where it counted nobody, or was killed before its
-- draw: a vault that lacks one that the ledger has was restored from before it. count_id: random; followed: the batch of
-- the list of withdrawn people that the rows had followed. trust: N
CREATE TABLE IF NOT EXISTS participation_count (
    product VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    count_id VARCHAR NOT NULL UNIQUE,
    followed BIGINT NOT NULL
)
