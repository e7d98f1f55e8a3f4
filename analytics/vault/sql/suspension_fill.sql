-- yields: the suspensions that a file brings; of each person the latest counts. grain: one row per mark. trust: P
INSERT INTO suspension
SELECT mark, max(suspended_at) FROM arrived GROUP BY mark
ON CONFLICT (mark) DO UPDATE SET suspended_at = greatest(suspension.suspended_at, excluded.suspended_at)
