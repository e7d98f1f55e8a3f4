-- yields: how many rows of which batch broke which rule, and of how many the record is held for another try. grain: one row
-- per batch, rule and column. unit: rows. trust: P, for operators
SELECT batch_no, batch.source, rule, column_name, count(*) AS rows, count(*) FILTER (is_held) AS held
FROM refused_row
JOIN batch USING (batch_no)
GROUP BY batch_no, batch.source, rule, column_name
ORDER BY ALL
