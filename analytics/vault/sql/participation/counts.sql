-- yields: the counts that wrote participation; those of before counts had numbers as if they had followed no batch of the
-- list of withdrawn people, which errs on the side of waiting. grain: one row per count. trust: N
SELECT product, period, count_id, followed FROM participation_count
UNION ALL
SELECT product, period, NULL, 0 FROM participation_release
