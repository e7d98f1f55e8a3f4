-- grain: one row per entry key that its source deleted; an entry of that key is never stored again. trust: P
CREATE TABLE IF NOT EXISTS deleted_entry (
    person_no INTEGER NOT NULL,
    source_no SMALLINT NOT NULL,
    key_kind TINYINT NOT NULL,
    key_value BIGINT NOT NULL
)
