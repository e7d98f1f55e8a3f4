-- grain: one row per participant with consent in force (pseudonym, mark: 16 bytes of keyed hashes; mark: the person's
-- suppression hash). trust: P
CREATE TABLE IF NOT EXISTS person (
    person_no INTEGER NOT NULL DEFAULT nextval('person_number'),
    pseudonym BLOB NOT NULL UNIQUE CHECK (octet_length(pseudonym) = 16),
    mark BLOB NOT NULL UNIQUE CHECK (octet_length(mark) = 16)
)
