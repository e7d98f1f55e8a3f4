-- grain: one row per release; body is one spelling of JSON with all that accounting needs. unit: nano-rho. trust: N
CREATE TABLE IF NOT EXISTS release_entry (
    sequence INTEGER NOT NULL PRIMARY KEY,
    product TEXT NOT NULL,
    period TEXT NOT NULL,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (product, period, revision)
) STRICT
