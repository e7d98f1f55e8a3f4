-- yields: the releases that wrote participation. grain: one row per release. trust: N
SELECT DISTINCT product, period FROM participation_release
