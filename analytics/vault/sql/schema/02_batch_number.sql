-- yields: numbers that stand for files wherever a file name must not. trust: N
CREATE SEQUENCE IF NOT EXISTS batch_number
