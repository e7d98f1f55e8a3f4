-- yields: one person's pseudonym and suppression hash, which only the home's own key makes of it. grain: at most one row.
-- trust: P
SELECT pseudonym, mark FROM person LIMIT 1
