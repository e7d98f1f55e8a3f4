-- weekday_extremes: the weekdays on which a participant's mean is lowest and highest, from equally many days of each.
-- So many days of each weekday are compared that together they are most (at least two weekdays, and $least_days days),
-- spread evenly over a weekday's logged days. Which days are compared depends on no score: without a rhythm each weekday
-- compared is as often the lowest as the highest. Ties are split. Counts participants who logged in the period.
-- grain: one row per participant and category with a share. unit: micro-persons, categories from 0: Monday lowest and
-- Tuesday highest, Monday and Wednesday ... bound: non-negative, summing to at most 1,000,000 (floors of parts). trust: P
-- L1: floors of parts of a whole sum to at most the whole (docs/privacy/proof.md)
WITH vote AS (
    SELECT person_no, isodow(local_date) - 1 AS kind, local_date, day_score AS score
    FROM logged_day
    WHERE local_date BETWEEN $since_day AND $last_day
      AND person_no IN (SELECT person_no FROM logged_day WHERE local_date BETWEEN $first_day AND $last_day)
),
number_of AS (
    SELECT person_no, count(*) AS votes, row_number() OVER (PARTITION BY person_no ORDER BY count(*) DESC, kind) AS kinds
    FROM vote
    GROUP BY person_no, kind
),
design AS (
    SELECT person_no, arg_max(votes, 8 * votes * kinds + kinds) AS taken
    FROM number_of
    WHERE kinds >= 2
    GROUP BY person_no
    HAVING max(votes * kinds) >= $least_days
),
placed AS (
    SELECT
        person_no,
        kind,
        score,
        taken,
        row_number() OVER (PARTITION BY person_no, kind ORDER BY local_date) AS place,
        count(*) OVER (PARTITION BY person_no, kind) AS votes
    FROM vote
    JOIN design USING (person_no)
),
compared AS (
    SELECT person_no, kind, sum(score)::BIGINT AS total
    FROM placed
    WHERE votes >= taken
      AND (2 * place * taken + votes) // (2 * votes) > (2 * (place - 1) * taken + votes) // (2 * votes)
    GROUP BY person_no, kind
),
ranked AS (
    SELECT
        person_no,
        kind,
        total = min(total) OVER (PARTITION BY person_no) AS is_lowest,
        total = max(total) OVER (PARTITION BY person_no) AS is_highest
    FROM compared
)
SELECT
    person_no,
    (6 * low.kind + high.kind - CASE WHEN high.kind > low.kind THEN 1 ELSE 0 END)::INTEGER AS category_no,
    1000000 // (count(*) OVER (PARTITION BY person_no)) AS micro_persons
FROM ranked AS low
JOIN ranked AS high USING (person_no)
WHERE low.is_lowest AND high.is_highest AND low.kind <> high.kind
