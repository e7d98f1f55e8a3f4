-- yields: some of a file's refused records. grain: one row per refused record. trust: P
INSERT INTO temp.refused_waiting
SELECT pseudonym, kind, line, rule, "column", texts
FROM refused
