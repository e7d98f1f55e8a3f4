-- grain: one row per participant, source and entry key, kept so by the intake's one transaction per file (an index
-- over every entry would cost more than the whole intake). Integers throughout, so that ten million rows a file are
-- cheap. key_kind: 0 the date (its midnight, in microseconds), 1 the instant (UTC microseconds), 2 the source's own id
-- (keyed hash), 3 date and part of the day (midnight, plus 0 to 3). day_part: 0 night, 1 morning, 2 afternoon,
-- 3 evening, where no clock time is known. daily: a report of the whole day, else of a moment. factors: bits of the
-- table factor. unit: billionths of the native scale, thousandths of a point, of an hour. trust: P
CREATE TABLE IF NOT EXISTS entry (
    person_no INTEGER NOT NULL,
    source_no SMALLINT NOT NULL,
    key_kind TINYINT NOT NULL,
    key_value BIGINT NOT NULL,
    local_date DATE NOT NULL,
    local_time TIME,
    utc_offset_min SMALLINT,
    day_part TINYINT CHECK (day_part BETWEEN 0 AND 3),
    daily BOOLEAN NOT NULL,
    mood_native BIGINT NOT NULL,
    mood_score INTEGER NOT NULL CHECK (mood_score BETWEEN 0 AND 100000),
    factors BIGINT NOT NULL,
    sleep_thousandths INTEGER,
    sleep_quality INTEGER CHECK (sleep_quality BETWEEN 0 AND 100000),
    batch_no INTEGER NOT NULL
)
