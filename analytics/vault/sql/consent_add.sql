-- yields: the file's new consent events. grain: one row per participant and event. trust: P
INSERT INTO consent_event BY NAME
SELECT *, $batch_no AS batch_no
FROM consent_new
