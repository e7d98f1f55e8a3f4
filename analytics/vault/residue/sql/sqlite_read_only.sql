-- yields: nothing; the connection can no longer write
-- trust: P (opens a file that holds persons)
PRAGMA query_only = ON
