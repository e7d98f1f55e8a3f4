-- persistence: whether a participant's latest logged weeks were mostly low (the mean of the week's days).
-- Counts participants who logged in the period and have at least $least_weeks logged weeks since $since_day.
-- grain: one row per participant who is counted. unit: micro-persons, categories from 0: persistently low, not.
-- bound: per participant one whole unit in one category. trust: P
-- L1: one unit in one category (docs/privacy/proof.md)
WITH week AS (
    SELECT
        person_no,
        date_diff('day', $since_day::DATE, local_date) // 7 AS week_no,
        sum(day_score)::BIGINT AS score_sum,
        count(*) AS days,
        max(local_date) AS latest_date
    FROM logged_day
    WHERE local_date BETWEEN $since_day AND $last_day
    GROUP BY person_no, week_no
),
latest AS (
    SELECT
        person_no,
        score_sum < $low_under * days AS is_low,
        max(latest_date) OVER (PARTITION BY person_no) >= $first_day AS is_active
    FROM week
    QUALIFY row_number() OVER (PARTITION BY person_no ORDER BY week_no DESC) <= $latest_weeks
)
SELECT
    person_no,
    CASE WHEN count(*) FILTER (WHERE is_low) >= $low_weeks THEN 0 ELSE 1 END AS category_no,
    1000000 AS micro_persons
FROM latest
WHERE is_active
GROUP BY person_no
HAVING count(*) >= $least_weeks
