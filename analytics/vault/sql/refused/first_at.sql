-- yields: when a batch with held records came. grain: one row. trust: N
SELECT min(first_at) FROM refused_record SEMI JOIN person USING (person_no) WHERE batch_no = $batch_no
