-- two_periods: one unit for this period and one for the periods before it.
SELECT person_no, 0 AS category_no, 1000000 AS micro_persons
FROM consented_entry WHERE local_date BETWEEN $first_day AND $last_day GROUP BY person_no
UNION ALL
SELECT person_no, 1, 1000000 FROM consented_entry
WHERE local_date >= $first_day::DATE - 28 AND local_date < $first_day GROUP BY person_no
