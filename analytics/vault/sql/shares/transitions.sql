-- transitions: whether a participant's mean over the logged days was low in the period before, and is low now.
-- Counts participants with at least $least_days logged days in both.
-- grain: one row per participant who is counted. unit: micro-persons, categories from 0: newly low, recovering,
-- staying low, staying well. bound: per participant one whole unit in one category. trust: P
-- L1: one unit in one category (docs/privacy/proof.md)
WITH own AS (
    SELECT
        person_no,
        sum(day_score) FILTER (WHERE local_date >= $first_day)
            < $low_under * count(*) FILTER (WHERE local_date >= $first_day) AS is_low,
        count(*) FILTER (WHERE local_date >= $first_day) AS now_days,
        sum(day_score) FILTER (WHERE local_date < $first_day)
            < $low_under * count(*) FILTER (WHERE local_date < $first_day) AS was_low,
        count(*) FILTER (WHERE local_date < $first_day) AS then_days
    FROM logged_day
    WHERE local_date BETWEEN $previous_first_day AND $last_day
    GROUP BY person_no
)
SELECT
    person_no,
    CASE
        WHEN is_low AND NOT was_low THEN 0
        WHEN was_low AND NOT is_low THEN 1
        WHEN is_low THEN 2
        ELSE 3
    END AS category_no,
    1000000 AS micro_persons
FROM own
WHERE now_days >= $least_days AND then_days >= $least_days
