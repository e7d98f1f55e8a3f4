-- grain: one row per refused row of a file of which nothing is held: where and why, never a value or a person. trust: P
CREATE TABLE IF NOT EXISTS quarantine (
    batch_no BIGINT NOT NULL,
    line BIGINT NOT NULL,
    rule VARCHAR NOT NULL,
    column_name VARCHAR NOT NULL
)
