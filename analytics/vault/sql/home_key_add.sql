-- yields: nothing; remembers the home's key by what it makes of a fixed word. trust: P
INSERT INTO home_key VALUES ($key_check)
