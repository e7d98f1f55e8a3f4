-- yields: nothing; from here on no other file can be reached
-- trust: P (opens a file that holds persons)
SET enable_external_access = false
