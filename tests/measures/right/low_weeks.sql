-- low_weeks: in how many of the four weeks that end with the period a person who logged in it had a low day.
WITH present AS (SELECT DISTINCT person_no
FROM consented_entry WHERE local_date BETWEEN $first_day AND $last_day)
SELECT
    person_no,
    count(DISTINCT CASE WHEN mood_score < 37500 THEN (local_date - $last_day::DATE) // 7 END)::INTEGER
        AS category_no,
    1000000 AS micro_persons
FROM consented_entry
JOIN present USING (person_no)
WHERE local_date > $last_day::DATE - 28 AND local_date <= $last_day::DATE
GROUP BY person_no
