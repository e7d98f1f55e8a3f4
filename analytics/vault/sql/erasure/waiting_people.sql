-- yields: how many people have waiting rows that the given batches of the list close: a batch closes the rows whose consent
-- it or an earlier batch ended. grain: one row. unit: persons. trust: P, for operators
SELECT count(DISTINCT waiting_person.mark)
FROM waiting_person
JOIN named_in ON named_in.suppression_hash = waiting_person.mark AND named_in.list_no >= waiting_person.list_no
