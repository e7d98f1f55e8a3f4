-- yields: the public rows of table_cell. grain: one row per table, cell and category. trust: N
INSERT INTO temp.table_cell
SELECT * FROM filling
