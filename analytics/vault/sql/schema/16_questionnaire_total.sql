-- grain: one row per participant, source, instrument and key (kinds as in entry). Totals only, never items. trust: P
CREATE TABLE IF NOT EXISTS questionnaire_total (
    person_no INTEGER NOT NULL,
    source_no SMALLINT NOT NULL,
    instrument VARCHAR NOT NULL,
    key_kind TINYINT NOT NULL,
    key_value BIGINT NOT NULL,
    local_date DATE NOT NULL,
    total INTEGER NOT NULL,
    batch_no INTEGER NOT NULL
)
