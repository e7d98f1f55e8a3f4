-- yields: room for every cell of every table and category, from plan and grid alone. trust: N
CREATE OR REPLACE TEMP TABLE table_cell (
    table_no INTEGER NOT NULL,
    cell_no BIGINT NOT NULL,
    category_no INTEGER NOT NULL
)
