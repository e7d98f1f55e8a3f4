-- grain: one row per controlled factor of any contract so far; its bit in entry.factors never changes. trust: N
CREATE TABLE IF NOT EXISTS factor (
    bit TINYINT NOT NULL UNIQUE,
    factor VARCHAR NOT NULL UNIQUE
)
