-- day_part_rhythm: each part of a day with a momentary entry is one vote of its participant, for the part, and for
-- whether its mean score lies below the participant's own mean over all such parts. A clock time decides the part
-- (from 0, 6, 12 and 18 o'clock), else what the source says. Counts participants with at least $least_votes votes in
-- $least_parts parts. grain: one row per participant and category with a share. unit: micro-persons, categories from 0:
-- night below, night not below, morning below ... bound: non-negative, summing to at most 1,000,000. trust: P
-- L1: floors of parts of a whole sum to at most the whole (docs/privacy/proof.md)
WITH vote AS (
    SELECT
        person_no,
        local_date,
        coalesce(hour(local_time) // 6, day_part) AS part,
        (2 * sum(mood_score)::BIGINT + count(*)) // (2 * count(*)) AS part_score
    FROM consented_entry
    WHERE local_date BETWEEN $first_day AND $last_day
      AND NOT daily
      AND (local_time IS NOT NULL OR day_part IS NOT NULL)
    GROUP BY person_no, local_date, part
),
own AS (
    SELECT person_no, sum(part_score)::BIGINT AS score_sum, count(*) AS votes
    FROM vote
    GROUP BY person_no
    HAVING count(*) >= $least_votes AND count(DISTINCT part) >= $least_parts
)
SELECT
    person_no,
    (2 * part + CASE WHEN part_score * votes < score_sum THEN 0 ELSE 1 END)::INTEGER AS category_no,
    1000000 * count(*) // votes AS micro_persons
FROM vote
JOIN own USING (person_no)
GROUP BY person_no, category_no, votes
