-- grain: one row per mark of somebody of whom a consent said neither yes nor no, or both; suspended_at: UTC microseconds of
-- the latest such event. A mark, so that it also holds for somebody who is not known yet. trust: P
CREATE TABLE IF NOT EXISTS suspension (
    mark BLOB NOT NULL UNIQUE CHECK (octet_length(mark) = 16),
    suspended_at BIGINT NOT NULL
)
