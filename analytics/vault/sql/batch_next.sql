-- yields: a number that stands for one file. trust: N
SELECT nextval('batch_number')
