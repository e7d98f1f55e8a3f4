-- grain: one row per participant and release that counted them, of products that count a person in so many releases at
-- most. last_week: the ordinal of the week in which the period ends. trust: P
CREATE TABLE IF NOT EXISTS participation (
    person_no INTEGER NOT NULL,
    product VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    last_week INTEGER NOT NULL
)
