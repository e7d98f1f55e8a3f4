-- grain: one row per refused record of a participant with consent in force: the part that the declaration reads, so
-- that it can be judged again. place: counts a participant's records of a batch by line. texts: JSON, the file's own
-- texts without the person's id, and never a free text. first_at: when the file came. trust: P
CREATE TABLE IF NOT EXISTS refused_record (
    person_no INTEGER NOT NULL,
    source_no SMALLINT NOT NULL,
    kind VARCHAR NOT NULL,
    batch_no BIGINT NOT NULL,
    line BIGINT NOT NULL,
    place INTEGER NOT NULL,
    rule VARCHAR NOT NULL,
    column_name VARCHAR NOT NULL,
    first_at TIMESTAMP NOT NULL,
    texts VARCHAR NOT NULL
)
