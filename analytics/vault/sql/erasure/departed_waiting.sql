-- yields: the numbers of people who left; their rows wait from now on. grain: one row per person. trust: P
INSERT INTO waiting_person BY NAME
SELECT departed.person_no, departed.pseudonym, departed.suppression_hash AS mark, coalesce(last_listed.list_no, 0) AS list_no
FROM departed
LEFT JOIN last_listed USING (suppression_hash)
WHERE NOT departed.is_stranger
