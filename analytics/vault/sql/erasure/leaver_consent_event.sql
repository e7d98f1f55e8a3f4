-- yields: nothing; deletes consent events of people who left, but for those with which they came back. trust: P
DELETE FROM consent_event
USING leaver
LEFT JOIN withdrawn USING (mark)
WHERE leaver.person_no = consent_event.person_no
  AND (NOT leaver.is_back OR consent_event.recorded_at <= withdrawn.withdrawn_at)
