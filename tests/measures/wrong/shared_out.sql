-- shared_out: one unit for all people together: somebody's presence takes from others.
SELECT person_no, 0 AS category_no, 1000000 // count(*) OVER () AS micro_persons
FROM consented_entry WHERE local_date BETWEEN $first_day AND $last_day GROUP BY person_no
