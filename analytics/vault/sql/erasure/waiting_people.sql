-- yields: of how many people something waits that batches of the list have ended. grain: one row. unit: persons.
-- trust: P, for operators
SELECT count(DISTINCT mark) FROM waiting_person SEMI JOIN decided USING (list_no)
