-- yields: the public rows of table_dimension. grain: one row per table and dimension. trust: N
INSERT INTO temp.table_dimension
SELECT * FROM filling
