-- grain: one row per column of a table of a DuckDB file
-- trust: P (a name may hold anything of a person)
SELECT columns.schema_name, columns.table_name, columns.column_name, columns.data_type
FROM duckdb_columns() AS columns
JOIN duckdb_tables() AS tables USING (database_oid, schema_oid, table_oid)
WHERE NOT columns.internal
ORDER BY columns.schema_oid, columns.table_oid, columns.column_index
