-- yields: withdrawals that say no time, of people of whom something waits: on the list they change nothing but that the
-- deletion does not wait for an earlier batch any more, and that undoing that one does not undo them.
-- grain: one row per mark. unit: UTC microseconds. trust: P
SELECT DISTINCT withdrawn.mark, withdrawn.withdrawn_at
FROM consent_status
JOIN withdrawn USING (mark)
SEMI JOIN waiting_person USING (mark)
WHERE consent_status.event = 'withdrawn'
  AND consent_status.timeless
  AND consent_status.status = 'same'
  AND consent_status.recorded_at > withdrawn.withdrawn_at
ORDER BY withdrawn.mark
