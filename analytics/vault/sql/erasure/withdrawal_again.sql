-- yields: withdrawals without a time, of people with waiting rows: on the list they change only that the deletion no longer
-- waits for an earlier batch, and that cancelling that batch does not cancel them.
-- grain: one row per suppression hash. unit: UTC microseconds. trust: P
SELECT DISTINCT withdrawn.mark AS suppression_hash, withdrawn.withdrawn_at
FROM consent_standing
JOIN withdrawn USING (mark)
SEMI JOIN waiting_person USING (mark)
WHERE consent_standing.event = 'withdrawn'
  AND consent_standing.timeless
  AND consent_standing.standing = 'same'
  AND consent_standing.recorded_at > withdrawn.withdrawn_at
ORDER BY suppression_hash
