-- yields: where and why rows were refused, and whether the record is held for another try; not those that
-- wait for their deletion. grain: one row per refused row.
-- trust: P
CREATE OR REPLACE VIEW refused_row AS
SELECT batch_no, line, rule, column_name, FALSE AS is_held
FROM quarantine
UNION ALL
SELECT batch_no, line, rule, column_name, TRUE AS is_held
FROM refused_record
SEMI JOIN person USING (person_no)
