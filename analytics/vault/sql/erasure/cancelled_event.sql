-- yields: nothing; deletes the withdrawals that a cancellation undoes; an earlier one on the list is kept. trust: P
DELETE FROM consent_event
USING person
LEFT JOIN withdrawn USING (mark)
WHERE person.person_no = consent_event.person_no
  AND person.mark IN (SELECT suppression_hash FROM undone)
  AND consent_event.event = 'withdrawn'
  AND consent_event.recorded_at > coalesce(withdrawn.withdrawn_at, -9223372036854775807)
