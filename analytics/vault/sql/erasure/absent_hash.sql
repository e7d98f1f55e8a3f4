-- yields: the suppression hashes of people who withdrew and did not come back. grain: one row per hash. trust: P
SELECT withdrawn.mark AS suppression_hash
FROM withdrawn
ANTI JOIN person USING (mark)
