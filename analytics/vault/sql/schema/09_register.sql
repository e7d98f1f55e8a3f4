-- grain: one row per participant and day from which it holds; keys: dimension -> key, absent means unknown. trust: P
CREATE TABLE IF NOT EXISTS register (
    person_no INTEGER NOT NULL,
    valid_from DATE NOT NULL,
    keys MAP(VARCHAR, VARCHAR) NOT NULL,
    batch_no BIGINT NOT NULL
)
