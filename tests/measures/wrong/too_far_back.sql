-- too_far_back: entries from before the weeks that the plan says it looks back.
SELECT DISTINCT person_no, 0 AS category_no, 1000000 AS micro_persons
FROM consented_entry WHERE local_date <= $last_day
