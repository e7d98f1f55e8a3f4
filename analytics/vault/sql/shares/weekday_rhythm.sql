-- weekday_rhythm: each logged day is one vote of its participant, for its weekday, and for whether it lies below the
-- participant's own mean over the period. Counts people who logged at least $least_days days on $least_weekdays weekdays.
-- grain: one row per participant and category with a share. unit: micro-persons, categories from 0: Monday below,
-- Monday not below, Tuesday below ... bound: non-negative, summing to at most 1,000,000 (floors of parts). trust: P
-- L1: floors of parts of a whole sum to at most the whole (docs/privacy/proof.md)
WITH own AS (
    SELECT
        person_no,
        sum(day_score)::BIGINT AS score_sum,
        count(*) AS days
    FROM logged_day
    WHERE local_date BETWEEN $first_day AND $last_day
    GROUP BY person_no
    HAVING count(*) >= $least_days AND count(DISTINCT isodow(local_date)) >= $least_weekdays
)
SELECT
    person_no,
    (2 * (isodow(local_date) - 1) + CASE WHEN day_score * days < score_sum THEN 0 ELSE 1 END)::INTEGER AS category_no,
    1000000 * count(*) // days AS micro_persons
FROM logged_day
JOIN own USING (person_no)
WHERE local_date BETWEEN $first_day AND $last_day
GROUP BY person_no, category_no, days
