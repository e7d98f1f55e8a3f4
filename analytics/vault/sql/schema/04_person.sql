-- grain: one row per participant (pseudonym: 16 bytes of a keyed hash). trust: P
CREATE TABLE IF NOT EXISTS person (
    person_no INTEGER NOT NULL DEFAULT nextval('person_number'),
    pseudonym BLOB NOT NULL UNIQUE CHECK (octet_length(pseudonym) = 16)
)
