-- yields: how many people have consent in force. grain: one row. unit: persons. trust: P, for operators
SELECT count(*) FROM person
