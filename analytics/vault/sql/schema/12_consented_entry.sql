-- yields: the entries that may be read at all: consent in force now and covering the entry's local date.
-- grain: one row per entry. trust: P
CREATE OR REPLACE VIEW consented_entry AS
SELECT entry.*
FROM entry
JOIN consent_in_force USING (person_no)
WHERE entry.local_date >= consent_in_force.covers_from
