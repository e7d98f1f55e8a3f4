-- ranked: a rank among the others: somebody's presence moves other people.
SELECT person_no, ntile(5) OVER (ORDER BY sum(mood_score), person_no)::INTEGER - 1 AS category_no,
    1000000 AS micro_persons
FROM consented_entry WHERE local_date BETWEEN $first_day AND $last_day GROUP BY person_no
