-- yields: the lines of a file of factors and their status. grain: one row per participant and entry key. trust: P
SELECT line, status FROM association_status
