-- yields: how many records of a batch are held for another try: those of people who left wait for their deletion.
-- grain: one row. unit: rows. trust: P, for operators
SELECT count(*) FROM refused_record SEMI JOIN person USING (person_no) WHERE batch_no = $batch_no
