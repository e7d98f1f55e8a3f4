-- yields: the counts that wrote participation; older ones without a number as if no batch of the suppression list had
-- been applied, which errs on the side of waiting. grain: one row per count. trust: N
SELECT product, period, count_id, followed FROM participation_count
UNION ALL
SELECT product, period, NULL, 0 FROM participation_release
