-- yields: a new source's number. trust: N
INSERT INTO source VALUES ($source_no, $source)
