-- yields: the number of the next file. trust: N
SELECT nextval('batch_number')
