-- yields: every cell of every table of one measure, empty ones too, in the grid's order whatever the data.
-- grain: one row per table, cell and category. unit: micro-persons (BIGINT: at most 1e6 a person, so 9e12 persons fit).
-- bound: one participant changes each table by a non-negative vector of L1 norm at most 1,000,000. trust: X
-- L2: one register row and one cell per participant and table; L3: cells are sums of shares (docs/privacy/proof.md)
WITH registered AS (
    SELECT person_no, keys
    FROM register
    WHERE valid_from <= $last_day
    QUALIFY row_number() OVER (PARTITION BY person_no ORDER BY valid_from DESC, batch_no DESC) = 1
),
member AS (
    SELECT person_no, registered.keys
    FROM (SELECT DISTINCT person_no FROM share)
    LEFT JOIN registered USING (person_no)
),
person_key AS (
    SELECT member.person_no, named.dimension, coalesce(found.key_no, named.key_no) AS key_no
    FROM member
    CROSS JOIN (SELECT dimension, key_no FROM grid_key WHERE key = 'unknown') AS named
    LEFT JOIN grid_key AS found
        ON found.dimension = named.dimension
        AND found.key = member.keys[named.dimension]
),
person_cell AS (
    SELECT person_key.person_no, table_dimension.table_no, sum(stride * key_no)::BIGINT AS cell_no
    FROM person_key
    JOIN table_dimension USING (dimension)
    GROUP BY person_key.person_no, table_dimension.table_no
    UNION ALL
    SELECT member.person_no, undivided.table_no, 0
    FROM member
    CROSS JOIN (SELECT table_no FROM table_cell EXCEPT SELECT table_no FROM table_dimension) AS undivided
),
summed AS (
    SELECT table_no, cell_no, category_no, sum(micro_persons)::BIGINT AS micro_persons
    FROM share
    JOIN person_cell USING (person_no)
    GROUP BY table_no, cell_no, category_no
)
SELECT table_no, coalesce(summed.micro_persons, 0) AS micro_persons
FROM table_cell
LEFT JOIN summed USING (table_no, cell_no, category_no)
ORDER BY table_no, cell_no, category_no
