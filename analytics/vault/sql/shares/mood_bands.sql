-- mood_bands: each logged day is one vote of its person for the band of its mean score; each person is one vote.
-- grain: one row per participant and category with a share. unit: micro-persons, categories from 0.
-- bound: per participant non-negative, summing to at most 1,000,000. trust: P
-- L1: floors of parts of a whole sum to at most the whole (docs/privacy/proof.md)
WITH day AS (
    SELECT
        person_no,
        local_date,
        -- The band of S / n, cut at 12.5, 37.5, 62.5, 87.5 points: (2 S + 25000 n) // (50000 n), in integers.
        (2 * sum(mood_score)::BIGINT + 25000 * count(*)) // (50000 * count(*)) AS band
    FROM consented_entry
    WHERE local_date BETWEEN $first_day AND $last_day
    GROUP BY person_no, local_date
),
days AS (
    SELECT person_no, band, count(*) AS days_in_band
    FROM day
    GROUP BY person_no, band
)
SELECT
    person_no,
    band::INTEGER AS category_no,
    1000000 * days_in_band // (sum(days_in_band) OVER (PARTITION BY person_no))::BIGINT AS micro_persons
FROM days
