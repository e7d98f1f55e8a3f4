-- grain: one row per name or text of a DuckDB file's own catalogue
-- trust: P (a name, a comment or a default may hold anything of a person)
SELECT unnest([schema_name, table_name, comment, sql, CAST(tags AS VARCHAR)]) AS name
FROM duckdb_tables()
WHERE NOT internal
UNION ALL
SELECT unnest([view_name, comment, sql, CAST(tags AS VARCHAR)])
FROM duckdb_views()
WHERE NOT internal
UNION ALL
SELECT unnest([column_name, comment, column_default, data_type])
FROM duckdb_columns()
WHERE NOT internal
UNION ALL
SELECT unnest([function_name, macro_definition])
FROM duckdb_functions()
WHERE NOT internal
UNION ALL
SELECT unnest([type_name, CAST(labels AS VARCHAR)])
FROM duckdb_types()
WHERE NOT internal
UNION ALL
SELECT unnest([schema_name, comment, sql, CAST(tags AS VARCHAR)])
FROM duckdb_schemas()
WHERE NOT internal
