-- yields: where and why the file's other rows were refused. grain: one row per refused row that is not held. trust: P
INSERT INTO quarantine
SELECT $batch_no, waiting.line, waiting.rule, waiting.column_name
FROM refused_waiting AS waiting
LEFT JOIN person USING (pseudonym)
ANTI JOIN consent_in_force USING (person_no)
