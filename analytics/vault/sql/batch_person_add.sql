-- yields: the record of whose a held file is. grain: one row per held file of one person. trust: P
INSERT INTO batch_person VALUES ($batch_no, $pseudonym, $mark)
