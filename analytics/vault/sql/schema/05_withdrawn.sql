-- grain: one row per suppression hash (mark) on the suppression list, which is outside this file; withdrawn_at: UTC
-- microseconds of the latest withdrawal. trust: P
CREATE TABLE IF NOT EXISTS withdrawn (
    mark BLOB NOT NULL UNIQUE CHECK (octet_length(mark) = 16),
    withdrawn_at BIGINT NOT NULL
)
