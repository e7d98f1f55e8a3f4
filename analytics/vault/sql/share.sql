-- yields: room for one measure's shares. grain: one row per participant and category. unit: micro-persons. trust: P
CREATE OR REPLACE TEMP TABLE share (
    person_no INTEGER NOT NULL,
    category_no INTEGER NOT NULL,
    micro_persons BIGINT NOT NULL
)
