-- days_logged: on how many days of the period a participant logged, in bands.
-- grain: one row per participant who logged. unit: micro-persons, categories from 0: fewer than $some_from days, fewer
-- than $many_from, fewer than $most_from, more. bound: per participant one whole unit in one category. trust: P
-- L1: one unit in one category (docs/privacy/proof.md)
SELECT
    person_no,
    CASE
        WHEN count(*) < $some_from THEN 0
        WHEN count(*) < $many_from THEN 1
        WHEN count(*) < $most_from THEN 2
        ELSE 3
    END AS category_no,
    1000000 AS micro_persons
FROM logged_day
WHERE local_date BETWEEN $first_day AND $last_day
GROUP BY person_no
