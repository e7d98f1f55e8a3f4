-- yields: the list of withdrawn people as this file knows it; the list only ever grows, and the latest withdrawal counts.
-- grain: one row per mark. trust: P
INSERT INTO withdrawn
SELECT mark, withdrawn_at FROM arrived
ON CONFLICT (mark) DO UPDATE SET withdrawn_at = greatest(withdrawn.withdrawn_at, excluded.withdrawn_at)
