-- clearest_factor: the factor that goes most clearly with a participant's lower or higher mood: equally many of their days
-- with it and without it, spread evenly over those that they logged. Which days are compared depends on no score, so that
-- by chance a factor is as often lower as higher. The clearest has the greatest difference of sums squared, by days
-- compared, among the factors that have $least_days days on each side and a mean difference of $difference_from or more;
-- where no such factor has that much, none. Ties are split. Counts participants who logged in the period. $categories:
-- NAME_lower and NAME_higher of the factors that count, and none.
-- grain: one row per participant and category with a share. unit: micro-persons, categories from 0. bound: non-negative,
-- summing to at most 1,000,000 (floors of equal parts). trust: P
-- L1: floors of parts of a whole sum to at most the whole (docs/privacy/proof.md)
WITH listed AS (
    SELECT
        bit,
        list_position($categories, factor || '_lower') - 1 AS lower_no,
        list_position($categories, factor || '_higher') - 1 AS higher_no
    FROM factor
    WHERE list_contains($categories, factor || '_lower')
),
vote AS (
    SELECT person_no, local_date, day_score, factors
    FROM logged_day
    WHERE local_date BETWEEN $since_day AND $last_day
      AND person_no IN (SELECT person_no FROM logged_day WHERE local_date BETWEEN $first_day AND $last_day)
),
design AS (
    SELECT
        person_no,
        bit,
        lower_no,
        higher_no,
        least(sum((factors >> bit) & 1), sum(1 - ((factors >> bit) & 1)))::BIGINT AS taken
    FROM vote
    CROSS JOIN listed
    GROUP BY person_no, bit, lower_no, higher_no
    HAVING taken >= $least_days
),
placed AS (
    SELECT
        person_no,
        lower_no,
        higher_no,
        taken,
        CASE WHEN (factors >> bit) & 1 = 1 THEN day_score ELSE -day_score END AS score,
        row_number() OVER (PARTITION BY person_no, bit, (factors >> bit) & 1 ORDER BY local_date) AS place,
        count(*) OVER (PARTITION BY person_no, bit, (factors >> bit) & 1) AS votes
    FROM vote
    JOIN design USING (person_no)
),
compared AS (
    SELECT person_no, lower_no, higher_no, taken, sum(score)::BIGINT AS difference
    FROM placed
    WHERE (2 * place * taken + votes) // (2 * votes) > (2 * (place - 1) * taken + votes) // (2 * votes)
    GROUP BY person_no, lower_no, higher_no, taken
),
judged AS (
    SELECT
        *,
        CASE WHEN abs(difference) >= greatest(1, $difference_from * taken) THEN difference * difference // taken ELSE 0 END
            AS clearness
    FROM compared
),
category AS (
    SELECT DISTINCT
        person_no,
        CASE
            WHEN clearness = 0 THEN list_position($categories, 'none') - 1
            WHEN difference < 0 THEN lower_no
            ELSE higher_no
        END AS category_no
    FROM judged
    QUALIFY clearness = max(clearness) OVER (PARTITION BY person_no)
)
SELECT
    person_no,
    category_no::INTEGER AS category_no,
    1000000 // (count(*) OVER (PARTITION BY person_no)) AS micro_persons
FROM category
