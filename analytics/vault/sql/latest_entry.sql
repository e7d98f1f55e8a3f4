-- yields: the last row of each entry key within the file. grain: one row per participant and entry key. trust: P
CREATE TEMP TABLE latest_entry AS
SELECT *
FROM arrived_entry
QUALIFY row_number() OVER (PARTITION BY pseudonym, key_kind, key_value ORDER BY line DESC) = 1
