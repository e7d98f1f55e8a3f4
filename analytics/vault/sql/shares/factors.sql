-- factors: a participant's own days with a factor against their own days without it. One unit is split evenly over
-- the participant's factors that have at least $least_days days on each side. The factors that count are in
-- $categories, three each, in this order: NAME_higher, NAME_same, NAME_lower.
-- grain: one row per participant and factor that is counted. unit: micro-persons, categories from 0.
-- bound: per participant non-negative, summing to at most 1,000,000 (floors of equal parts). trust: P
-- L1: floors of parts of a whole sum to at most the whole (docs/privacy/proof.md)
WITH listed AS (
    SELECT bit, list_position($categories, factor || '_higher') - 1 AS first_category
    FROM factor
    WHERE list_contains($categories, factor || '_higher')
),
side AS (
    SELECT
        person_no,
        first_category,
        coalesce(sum(day_score) FILTER (WHERE (factors >> bit) & 1 = 1), 0)::BIGINT AS with_sum,
        count(*) FILTER (WHERE (factors >> bit) & 1 = 1) AS with_days,
        coalesce(sum(day_score) FILTER (WHERE (factors >> bit) & 1 = 0), 0)::BIGINT AS without_sum,
        count(*) FILTER (WHERE (factors >> bit) & 1 = 0) AS without_days
    FROM logged_day
    CROSS JOIN listed
    WHERE local_date BETWEEN $first_day AND $last_day
    GROUP BY person_no, first_category
)
SELECT
    person_no,
    (first_category + CASE
        WHEN with_sum * without_days - without_sum * with_days >= $difference_from * with_days * without_days THEN 0
        WHEN without_sum * with_days - with_sum * without_days >= $difference_from * with_days * without_days THEN 2
        ELSE 1
    END)::INTEGER AS category_no,
    1000000 // (count(*) OVER (PARTITION BY person_no)) AS micro_persons
FROM side
WHERE with_days >= $least_days AND without_days >= $least_days
