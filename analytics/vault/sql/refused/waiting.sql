-- yields: room for a file's refused records until its consents are settled. grain: one row per refused record. trust: P
CREATE TEMP TABLE refused_waiting (
    pseudonym BLOB NOT NULL,
    kind VARCHAR NOT NULL,
    line BIGINT NOT NULL,
    rule VARCHAR NOT NULL,
    column_name VARCHAR NOT NULL,
    texts VARCHAR NOT NULL
)
