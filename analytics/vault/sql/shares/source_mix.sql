-- source_mix: each day and source with an entry is one vote of its participant for the source; a source that is not
-- among $categories votes for the last of them. grain: one row per participant and category with a share.
-- unit: micro-persons, categories from 0. bound: per participant non-negative, summing to at most 1,000,000. trust: P
-- L1: floors of parts of a whole sum to at most the whole (docs/privacy/proof.md)
WITH vote AS (
    SELECT DISTINCT
        person_no,
        local_date,
        source_no,
        (coalesce(nullif(list_position($categories, source), 0), len($categories)) - 1)::INTEGER AS category_no
    FROM consented_entry
    JOIN source USING (source_no)
    WHERE local_date BETWEEN $first_day AND $last_day
),
own AS (
    SELECT person_no, count(*) AS votes
    FROM vote
    GROUP BY person_no
)
SELECT person_no, category_no, 1000000 * count(*) // votes AS micro_persons
FROM vote
JOIN own USING (person_no)
GROUP BY person_no, category_no, votes
