-- yields: room for the public grid. grain: one row per dimension and key. trust: N
CREATE OR REPLACE TEMP TABLE grid_key (
    dimension VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    key_no INTEGER NOT NULL
)
