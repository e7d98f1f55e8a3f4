-- day_part_extremes: the parts of the day in which a participant's mean is lowest and highest, from equally many of each.
-- A part of a day with a momentary entry is one vote, with their mean score. A clock time decides the part (from 0, 6, 12
-- and 18 o'clock), else what the source says. So many votes of each part are compared that together they are most (at
-- least two parts, and $least_votes votes), spread evenly over a part's votes. Which are compared depends on no score:
-- without a rhythm each part compared is as often the lowest as the highest. Ties are split. Counts participants with
-- such a vote in the period. grain: one row per participant and category with a share. unit: micro-persons, categories
-- from 0: night lowest and morning highest ... bound: non-negative, summing to at most 1,000,000 (floors). trust: P
-- L1: floors of parts of a whole sum to at most the whole (docs/privacy/proof.md)
WITH every_vote AS (
    SELECT
        person_no,
        local_date,
        coalesce(hour(local_time) // 6, day_part) AS kind,
        (2 * sum(mood_score)::BIGINT + count(*)) // (2 * count(*)) AS score
    FROM consented_entry
    WHERE local_date BETWEEN $since_day AND $last_day
      AND NOT daily
      AND (local_time IS NOT NULL OR day_part IS NOT NULL)
    GROUP BY person_no, local_date, kind
),
vote AS (
    SELECT person_no, local_date, kind, score
    FROM every_vote
    WHERE person_no IN (SELECT person_no FROM every_vote WHERE local_date >= $first_day)
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
    HAVING max(votes * kinds) >= $least_votes
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
    (3 * low.kind + high.kind - CASE WHEN high.kind > low.kind THEN 1 ELSE 0 END)::INTEGER AS category_no,
    1000000 // (count(*) OVER (PARTITION BY person_no)) AS micro_persons
FROM ranked AS low
JOIN ranked AS high USING (person_no)
WHERE low.is_lowest AND high.is_highest AND low.kind <> high.kind
