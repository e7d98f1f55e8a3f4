-- below_nothing: a sum within the unit that hides a share below nothing.
SELECT person_no, unnest([0, 1]) AS category_no, unnest([1000001, -1]) AS micro_persons
FROM consented_entry WHERE local_date BETWEEN $first_day AND $last_day GROUP BY person_no
