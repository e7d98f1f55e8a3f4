-- grain: one row per participant with consent in force (pseudonym, mark: 16 bytes of keyed hashes; the mark is what the
-- list of withdrawn people would hold). trust: P
CREATE TABLE IF NOT EXISTS person (
    person_no INTEGER NOT NULL DEFAULT nextval('person_number'),
    pseudonym BLOB NOT NULL UNIQUE CHECK (octet_length(pseudonym) = 16),
    mark BLOB NOT NULL UNIQUE CHECK (octet_length(mark) = 16)
)
