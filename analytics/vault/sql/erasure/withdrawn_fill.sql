-- yields: the suppression list as this file knows it; the list only ever grows, and the latest withdrawal counts.
-- grain: one row per suppression hash. trust: P
INSERT INTO withdrawn
SELECT suppression_hash, withdrawn_at FROM arrived
ON CONFLICT (mark) DO UPDATE SET withdrawn_at = greatest(withdrawn.withdrawn_at, excluded.withdrawn_at)
