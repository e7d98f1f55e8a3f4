-- yields: the persons of a file who are not known yet. grain: one row per participant. trust: P
INSERT INTO person (pseudonym)
SELECT DISTINCT arrived.pseudonym
FROM arrived
ANTI JOIN person USING (pseudonym)
