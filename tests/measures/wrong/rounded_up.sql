-- rounded_up: parts of a whole that are rounded up.
WITH counted AS (
    SELECT person_no, (mood_score // 20001)::INTEGER AS category_no, count(*) AS n
FROM consented_entry WHERE local_date BETWEEN $first_day AND $last_day GROUP BY ALL
),
whole AS (SELECT person_no, sum(n)::BIGINT AS whole FROM counted GROUP BY person_no)
SELECT person_no, category_no, (1000000 * n + whole - 1) // whole AS micro_persons
FROM counted JOIN whole USING (person_no)
