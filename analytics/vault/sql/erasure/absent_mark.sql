-- yields: the marks of people who withdrew and did not come back. grain: one row per mark. trust: P
SELECT mark
FROM withdrawn
ANTI JOIN person USING (mark)
