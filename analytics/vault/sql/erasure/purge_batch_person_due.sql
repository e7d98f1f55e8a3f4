-- yields: nothing; says that bytes of a pseudonym may remain, where whose a file is will be forgotten for its age. trust: P
UPDATE vault SET rebuild_due = TRUE
WHERE EXISTS (SELECT 1 FROM batch_person JOIN batch USING (batch_no) WHERE first_at < $before)
