-- grain: one row per participant and consent event; only ever added to, until a withdrawal deletes all rows of
-- the person. recorded_at: UTC microseconds. trust: P
CREATE TABLE IF NOT EXISTS consent_event (
    person_no INTEGER NOT NULL,
    event VARCHAR NOT NULL CHECK (event IN ('granted', 'withdrawn')),
    recorded_at BIGINT NOT NULL,
    covers_from DATE,
    scope VARCHAR NOT NULL,
    policy_version VARCHAR NOT NULL,
    batch_no BIGINT NOT NULL,
    CHECK (event = 'withdrawn' OR covers_from IS NOT NULL)
)
