-- yields: somebody's pseudonym and mark, which only the home's own key makes of each other. grain: at most one row. trust: P
SELECT pseudonym, mark FROM person LIMIT 1
