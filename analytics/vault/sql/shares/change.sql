-- change: a participant's mean over the period's logged days against their own mean over the period before.
-- Nobody who stays away draws it: counted is who has at least $least_days logged days in both.
-- grain: one row per participant who is counted. unit: micro-persons, categories from 0: better, same, worse.
-- bound: per participant one whole unit in one category. trust: P
-- L1: one unit in one category (docs/privacy/proof.md)
WITH own AS (
    SELECT
        person_no,
        coalesce(sum(day_score) FILTER (WHERE local_date >= $first_day), 0)::BIGINT AS now_sum,
        count(*) FILTER (WHERE local_date >= $first_day) AS now_days,
        coalesce(sum(day_score) FILTER (WHERE local_date < $first_day), 0)::BIGINT AS then_sum,
        count(*) FILTER (WHERE local_date < $first_day) AS then_days
    FROM logged_day
    WHERE local_date BETWEEN $previous_first_day AND $last_day
    GROUP BY person_no
)
SELECT
    person_no,
    CASE
        WHEN now_sum * then_days - then_sum * now_days >= $change_from * now_days * then_days THEN 0
        WHEN then_sum * now_days - now_sum * then_days >= $change_from * now_days * then_days THEN 2
        ELSE 1
    END AS category_no,
    1000000 AS micro_persons
FROM own
WHERE now_days >= $least_days AND then_days >= $least_days
