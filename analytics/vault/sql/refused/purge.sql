-- yields: nothing; deletes held records of files that came before an instant. trust: P
DELETE FROM refused_record
WHERE first_at < $before
