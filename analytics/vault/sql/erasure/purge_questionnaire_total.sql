-- yields: nothing; deletes questionnaire totals that are past retention. unit: local dates. trust: P
DELETE FROM questionnaire_total
WHERE local_date < $before
