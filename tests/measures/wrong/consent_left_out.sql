-- consent_left_out: entries of anybody.
SELECT DISTINCT person_no, 0 AS category_no, 1000000 AS micro_persons
FROM entry WHERE local_date BETWEEN $first_day AND $last_day
