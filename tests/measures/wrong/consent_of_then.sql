-- consent_of_then: entries of whoever consented on the period's last day, whatever they said since.
SELECT DISTINCT person_no, 0 AS category_no, 1000000 AS micro_persons
FROM entry
WHERE local_date BETWEEN $first_day AND $last_day
AND entry.person_no IN (
    SELECT person_no FROM consent_event WHERE recorded_at < epoch_us(($last_day::DATE + 1)::TIMESTAMP)
    GROUP BY person_no HAVING arg_max(event, recorded_at) = 'granted'
)
