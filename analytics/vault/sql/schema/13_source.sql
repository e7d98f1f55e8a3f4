-- grain: one row per source that sent entries; small numbers stand for names. trust: N
CREATE TABLE IF NOT EXISTS source (
    source_no SMALLINT NOT NULL UNIQUE,
    source VARCHAR NOT NULL UNIQUE
)
