-- yields: nothing; records that a rebuild is due if held records are deleted for their age. trust: P
UPDATE vault SET rebuild_due = TRUE
WHERE EXISTS (SELECT 1 FROM refused_record WHERE first_at < $before)
