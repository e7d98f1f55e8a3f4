-- yields: a new factor's bit. trust: N
INSERT INTO factor VALUES ($bit, $factor)
