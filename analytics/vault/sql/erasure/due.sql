-- yields: nothing; says that rows were deleted whose bytes may still be in the file. trust: P
UPDATE vault SET rebuild_due = TRUE
