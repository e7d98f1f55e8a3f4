-- yields: nothing; says that the file holds no bytes of deleted rows: set in a file that was written anew. trust: P
UPDATE vault SET rebuild_due = FALSE
