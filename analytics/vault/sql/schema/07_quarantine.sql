-- grain: one row per refused row of a file: where and why, never a value. trust: P
CREATE TABLE IF NOT EXISTS quarantine (
    batch_no BIGINT NOT NULL,
    line BIGINT NOT NULL,
    rule VARCHAR NOT NULL,
    column_name VARCHAR NOT NULL
)
