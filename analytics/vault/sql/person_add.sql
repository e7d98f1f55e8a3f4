-- yields: the persons of new consent events who are not known yet. grain: one row per participant. trust: P
INSERT INTO person (pseudonym, mark)
SELECT DISTINCT consent_status.pseudonym, consent_status.mark
FROM consent_status
ANTI JOIN person USING (pseudonym)
WHERE consent_status.status = 'new'
