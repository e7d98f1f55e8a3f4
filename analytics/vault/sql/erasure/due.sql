-- yields: nothing; records that a rebuild is due: bytes of deleted rows may still be in the file. trust: P
UPDATE vault SET rebuild_due = TRUE
