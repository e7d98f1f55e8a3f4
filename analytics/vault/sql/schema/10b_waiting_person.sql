-- grain: one row per person number whose rows wait for their deletion: no view reads them. mark: the suppression hash.
-- list_no: the batch of the suppression list that ended the consent. A person who came back has another number, and may wait under several. trust: P
CREATE TABLE IF NOT EXISTS waiting_person (
    person_no INTEGER NOT NULL,
    pseudonym BLOB NOT NULL CHECK (octet_length(pseudonym) = 16),
    mark BLOB NOT NULL CHECK (octet_length(mark) = 16),
    list_no BIGINT NOT NULL
)
