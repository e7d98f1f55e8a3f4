-- yields: the lines of a file of factors and how they stand. grain: one row per participant and entry key. trust: P
SELECT line, standing FROM association_standing
