-- yields: entries whose keys are surely new. grain: one row per participant and entry key. trust: P
INSERT INTO entry BY NAME
SELECT
    arrived.* EXCLUDE (factors),
    coalesce(arrived.factors, 0) AS factors,
    $source_no AS source_no
FROM arrived
