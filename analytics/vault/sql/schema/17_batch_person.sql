-- grain: one row per held file of one person: whose it is, so that it can be read again. trust: P
CREATE TABLE IF NOT EXISTS batch_person (
    batch_no BIGINT NOT NULL,
    pseudonym BLOB NOT NULL,
    mark BLOB NOT NULL
)
