-- grain: one row per release, table and coordinate. unit: micro-persons, signed. trust: N
CREATE TABLE IF NOT EXISTS noisy_cell (
    sequence INTEGER NOT NULL REFERENCES release_entry (sequence),
    measure TEXT NOT NULL,
    dimensions TEXT NOT NULL,
    position INTEGER NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (sequence, measure, dimensions, position)
) STRICT, WITHOUT ROWID
