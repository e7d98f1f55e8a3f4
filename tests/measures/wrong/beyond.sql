-- beyond: a category that the plan does not declare.
SELECT person_no, 5 AS category_no, 1000000 AS micro_persons
FROM consented_entry WHERE local_date BETWEEN $first_day AND $last_day GROUP BY person_no
