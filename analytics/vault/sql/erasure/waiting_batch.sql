-- yields: the batches of the list that have ended the consent of somebody of whom something waits, of those asked for.
-- grain: one row per batch. trust: P
SELECT DISTINCT list_no FROM waiting_person SEMI JOIN decided USING (list_no) ORDER BY list_no
