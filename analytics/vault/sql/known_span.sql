-- yields: how far the keys of one source reach that are stored or deleted; beyond them a key is surely new.
-- grain: one row per participant and kind of key. trust: P
SELECT person_no, key_kind, min(key_value) AS least, max(key_value) AS most
FROM (
    SELECT person_no, key_kind, key_value
    FROM entry
    WHERE source_no = $source_no
    UNION ALL
    SELECT person_no, key_kind, key_value
    FROM deleted_entry
    WHERE source_no = $source_no
)
GROUP BY person_no, key_kind
