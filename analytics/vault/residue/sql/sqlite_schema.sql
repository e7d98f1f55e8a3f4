-- grain: one row per object of a SQLite file: its name, its table's name, its text, whether it is a table
-- trust: P (a name or a default may hold anything of a person)
SELECT name, tbl_name, sql, type = 'table' AS is_table
FROM sqlite_master
