-- yields: the withdrawals that the suppression list does not have yet. grain: one row per hash. unit: UTC microseconds. trust: P
SELECT person.mark AS suppression_hash, max(consent_event.recorded_at) AS withdrawn_at
FROM consent_event
JOIN person USING (person_no)
LEFT JOIN withdrawn USING (mark)
WHERE consent_event.event = 'withdrawn'
  AND (withdrawn.withdrawn_at IS NULL OR withdrawn.withdrawn_at < consent_event.recorded_at)
GROUP BY person.mark
ORDER BY suppression_hash
