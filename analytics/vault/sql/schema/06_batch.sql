-- grain: one row per file taken in; exact counts are for operators only. batch_no decides what is newer. scale: what native
-- values are on. trust: P
CREATE TABLE IF NOT EXISTS batch (
    batch_no BIGINT NOT NULL UNIQUE,
    source VARCHAR NOT NULL,
    scale VARCHAR NOT NULL,
    taken_in_at TIMESTAMP NOT NULL
)
