-- grain: one row per suppression hash (mark) of a person with a consent event that is neither yes nor no, or both;
-- suspended_at: UTC microseconds of the latest such event. A hash, so that it also holds for a person who is not known yet.
-- trust: P
CREATE TABLE IF NOT EXISTS suspension (
    mark BLOB NOT NULL UNIQUE CHECK (octet_length(mark) = 16),
    suspended_at BIGINT NOT NULL
)
