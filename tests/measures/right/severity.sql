-- severity: the latest total of one questionnaire within 60 days, of people whose consent covers it.
SELECT person_no, least(4, arg_max(total, local_date) // 5)::INTEGER AS category_no, 1000000 AS micro_persons
FROM questionnaire_total
JOIN consent_in_force USING (person_no)
WHERE instrument = 'phq9' AND local_date BETWEEN $first_day::DATE - 60 AND $last_day AND local_date >= covers_from
GROUP BY person_no
