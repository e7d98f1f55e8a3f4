-- yields: how many rows of which batch broke which rule. grain: one row per batch, rule and column. unit: rows.
-- trust: P, for operators
SELECT batch_no, batch.source, rule, column_name, count(*) AS rows
FROM quarantine
JOIN batch USING (batch_no)
GROUP BY ALL
ORDER BY ALL
