-- steadiness: the root mean square of a participant's changes from one logged day to the next calendar day, in bands.
-- Gaps break the series. Counts participants with at least $least_pairs such pairs of days in the period.
-- grain: one row per participant who is counted. unit: micro-persons, categories from 0: steady, between, changeable.
-- bound: per participant one whole unit in one category. trust: P
-- L1: one unit in one category (docs/privacy/proof.md)
WITH step AS (
    SELECT
        person_no,
        day_score - lag(day_score) OVER days AS change,
        date_diff('day', lag(local_date) OVER days, local_date) AS days_apart
    FROM logged_day
    WHERE local_date BETWEEN $first_day AND $last_day
    WINDOW days AS (PARTITION BY person_no ORDER BY local_date)
),
person AS (
    SELECT person_no, sum(change * change)::BIGINT AS squares, count(*) AS pairs
    FROM step
    WHERE days_apart = 1
    GROUP BY person_no
    HAVING count(*) >= $least_pairs
)
SELECT
    person_no,
    CASE
        WHEN squares < pairs * $steady_under::BIGINT * $steady_under THEN 0
        WHEN squares < pairs * $changeable_from::BIGINT * $changeable_from THEN 1
        ELSE 2
    END AS category_no,
    1000000 AS micro_persons
FROM person
