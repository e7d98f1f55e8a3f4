-- short_sleep: each logged day with hours of sleep is one vote of its participant: short, usual, long.
-- Counted: participants with hours of sleep on at least $least_days days of the period.
-- grain: one row per participant and category with a share. unit: micro-persons, categories from 0.
-- bound: per participant non-negative, summing to at most 1,000,000 (floors of parts of a whole). trust: P
-- L1: floors of parts of a whole sum to at most the whole (docs/privacy/proof.md)
WITH night AS (
    SELECT
        person_no,
        CASE
            WHEN sleep_thousandths < $short_under THEN 0
            WHEN sleep_thousandths < $long_from THEN 1
            ELSE 2
        END AS category_no
    FROM logged_day
    WHERE local_date BETWEEN $first_day AND $last_day
      AND sleep_thousandths IS NOT NULL
),
slept AS (
    SELECT person_no, count(*) AS days
    FROM night
    GROUP BY person_no
    HAVING count(*) >= $least_days
)
SELECT person_no, category_no, 1000000 * count(*) // days AS micro_persons
FROM night
JOIN slept USING (person_no)
GROUP BY person_no, category_no, days
