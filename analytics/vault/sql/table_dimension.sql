-- yields: room for the plan's tables, one row per dimension with its stride in the table's cells. trust: N
CREATE OR REPLACE TEMP TABLE table_dimension (
    table_no INTEGER NOT NULL,
    dimension VARCHAR NOT NULL,
    stride BIGINT NOT NULL
)
