-- grain: one row per release that wrote participation before counts had numbers; nothing is added any more. trust: N
CREATE TABLE IF NOT EXISTS participation_release (
    product VARCHAR NOT NULL,
    period VARCHAR NOT NULL
)
