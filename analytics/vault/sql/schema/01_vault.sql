-- yields: the vault's format number. grain: one row. trust: P
CREATE TABLE IF NOT EXISTS vault (format INTEGER NOT NULL)
