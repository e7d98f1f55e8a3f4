-- yields: nothing; records that no rebuild is due: set in a file that was just written again. trust: P
UPDATE vault SET rebuild_due = FALSE
