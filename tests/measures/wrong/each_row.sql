-- each_row: something for each row: 4,001 rows are more than a unit.
SELECT person_no, 0 AS category_no, 1000000 // 4000 AS micro_persons
FROM consented_entry WHERE local_date BETWEEN $first_day AND $last_day
