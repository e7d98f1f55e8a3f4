-- yields: a file's good rows as they arrive. grain: one row per line. trust: P
CREATE TEMP TABLE arrived_entry (
    line BIGINT,
    pseudonym BLOB,
    key_kind TINYINT,
    key_value BIGINT,
    local_date DATE,
    local_time TIME,
    utc_at BIGINT,
    mood_native VARCHAR,
    mood_score INTEGER,
    factors VARCHAR,
    sleep_thousandths INTEGER
)
