-- yields: nothing; from here on no file but the database's own can be reached, and no extension loaded. trust: N
SET enable_external_access = false
