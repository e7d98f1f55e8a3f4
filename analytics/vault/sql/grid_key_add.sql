-- yields: the public rows of grid_key. grain: one row per dimension and key. trust: N
INSERT INTO temp.grid_key
SELECT * FROM filling
