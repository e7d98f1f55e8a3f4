-- grain: one row per participant, source and entry key, kept so by the intake's one transaction per file (an index
-- over every entry would cost more than the whole intake). unit: thousandths of a point, of an hour. trust: P
CREATE TABLE IF NOT EXISTS entry (
    person_no INTEGER NOT NULL,
    source VARCHAR NOT NULL,
    key_kind TINYINT NOT NULL,
    key_value BIGINT NOT NULL,
    local_date DATE NOT NULL,
    local_time TIME,
    utc_at BIGINT,
    report_kind VARCHAR NOT NULL,
    mood_native VARCHAR NOT NULL,
    mood_score INTEGER NOT NULL CHECK (mood_score BETWEEN 0 AND 100000),
    factors VARCHAR NOT NULL,
    sleep_thousandths INTEGER,
    batch_no BIGINT NOT NULL
)
