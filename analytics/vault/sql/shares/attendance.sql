-- attendance: who is counted now and who was before, from the days on which a participant logged.
-- Counts participants who logged in the period or in the period before.
-- grain: one row per participant who is counted. unit: micro-persons, categories from 0: new (on no day since
-- $since_day before the period), returning (before, but not in the last period), staying, lapsed.
-- bound: per participant one whole unit in one category. trust: P
-- L1: one unit in one category (docs/privacy/proof.md)
WITH seen AS (
    SELECT
        person_no,
        bool_or(local_date >= $first_day) AS is_here,
        bool_or(local_date BETWEEN $previous_first_day AND $previous_last_day) AS was_here,
        bool_or(local_date < $first_day) AS was_ever_here
    FROM logged_day
    WHERE local_date BETWEEN $since_day AND $last_day
    GROUP BY person_no
)
SELECT
    person_no,
    CASE
        WHEN is_here AND NOT was_ever_here THEN 0
        WHEN is_here AND NOT was_here THEN 1
        WHEN is_here THEN 2
        ELSE 3
    END AS category_no,
    1000000 AS micro_persons
FROM seen
WHERE is_here OR was_here
