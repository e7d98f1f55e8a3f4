-- yields: a row for each participant with a share who has none for this release yet. trust: P
INSERT INTO participation
SELECT DISTINCT person_no, $product, $period, $last_week
FROM share
WHERE person_no NOT IN (SELECT person_no FROM participation WHERE product = $product AND period = $period)
