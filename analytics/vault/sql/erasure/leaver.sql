-- yields: the numbers whose rows are deleted now: those that batches of the list have ended, and do not wait any more.
-- grain: one row per person number. trust: P
CREATE OR REPLACE TEMP TABLE leaver AS
SELECT person_no, mark FROM waiting_person SEMI JOIN decided USING (list_no)
