-- yields: the record that a file was taken in; a later pass over the same file adds nothing. grain: one row per file.
-- trust: P
INSERT INTO batch VALUES ($batch_no, $source, $scale, $taken_in_at)
ON CONFLICT (batch_no) DO NOTHING
