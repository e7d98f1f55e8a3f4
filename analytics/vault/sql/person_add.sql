-- yields: the persons of new consent events who are not known yet. grain: one row per participant. trust: P
INSERT INTO person (pseudonym, mark)
SELECT DISTINCT consent_standing.pseudonym, consent_standing.mark
FROM consent_standing
ANTI JOIN person USING (pseudonym)
WHERE consent_standing.standing = 'new'
