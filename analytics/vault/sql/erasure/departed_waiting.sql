-- yields: the numbers of people who left, whose rows wait from now on. grain: one row per person. trust: P
INSERT INTO waiting_person BY NAME
SELECT person_no, pseudonym, mark, coalesce(list_no, 0) AS list_no
FROM departed
LEFT JOIN last_listed USING (mark)
WHERE NOT is_stranger
