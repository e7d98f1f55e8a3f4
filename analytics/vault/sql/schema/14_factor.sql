-- grain: one row per controlled factor that ever came in; its bit in entry.factors never changes. trust: N
CREATE TABLE IF NOT EXISTS factor (
    bit TINYINT NOT NULL UNIQUE,
    factor VARCHAR NOT NULL UNIQUE
)
