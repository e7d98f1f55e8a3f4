-- yields: the file's new consent events. grain: one row per participant and event. trust: P
INSERT INTO consent_event BY NAME
SELECT person_no, event, recorded_at, covers_from, scope, policy_version, $batch_no AS batch_no
FROM consent_status
JOIN person USING (pseudonym)
WHERE status = 'new'
