-- yields: of how many people something waits that batches of the list close: a batch closes all that it or an earlier one
-- had ended. grain: one row. unit: persons. trust: P, for operators
SELECT count(DISTINCT waiting_person.mark)
FROM waiting_person
JOIN named_in ON named_in.mark = waiting_person.mark AND named_in.list_no >= waiting_person.list_no
