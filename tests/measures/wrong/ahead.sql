-- ahead: entries after the period.
SELECT DISTINCT person_no, 0 AS category_no, 1000000 AS micro_persons
FROM consented_entry WHERE local_date BETWEEN $first_day AND $last_day::DATE + 10
