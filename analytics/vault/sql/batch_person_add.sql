-- yields: the record of whose a held file is, unless it is somebody's who withdrew: such a file is not held.
-- grain: one row per held file of one person. trust: P
INSERT INTO batch_person
SELECT $batch_no, $pseudonym, $mark
WHERE $mark NOT IN (SELECT mark FROM withdrawn ANTI JOIN person USING (mark))
