-- yields: small integers that stand for persons inside the vault only. trust: P
CREATE SEQUENCE IF NOT EXISTS person_number
