-- grain: one row once a command has worked on the vault: the hash that only the home's own key makes of a fixed
-- word, so that another key is noticed even in an empty vault. trust: P
CREATE TABLE IF NOT EXISTS home_key (
    key_check BLOB NOT NULL CHECK (octet_length(key_check) = 16)
)
