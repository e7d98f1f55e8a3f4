-- yields: the record that a file was taken in. grain: one row per file. trust: P
INSERT INTO batch VALUES ($batch_no, $source, $scale, $taken_in_at)
