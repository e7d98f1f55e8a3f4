-- yields: those of the given batches of the list that close waiting rows; 0 for rows whose consent no batch has ended.
-- grain: one row per batch. trust: P
SELECT DISTINCT named_in.list_no
FROM waiting_person
JOIN named_in ON named_in.suppression_hash = waiting_person.mark AND named_in.list_no >= waiting_person.list_no
UNION
SELECT list_no FROM waiting_person WHERE list_no = 0
ORDER BY list_no
