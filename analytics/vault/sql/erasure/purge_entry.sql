-- yields: nothing; deletes entries that are past retention. unit: local dates. trust: P
DELETE FROM entry
WHERE local_date < $before
