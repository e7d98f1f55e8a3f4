-- grain: one row per file taken in; exact counts are for operators only. scale: what native values are on. order_no: the
-- batch as which the file came first, which decides what is newer; first_at: when that was. trust: P
CREATE TABLE IF NOT EXISTS batch (
    batch_no BIGINT NOT NULL UNIQUE,
    source VARCHAR NOT NULL,
    scale VARCHAR NOT NULL,
    taken_in_at TIMESTAMP NOT NULL,
    order_no BIGINT NOT NULL,
    first_at TIMESTAMP NOT NULL
)
