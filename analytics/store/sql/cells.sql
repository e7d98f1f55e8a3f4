-- yields: one release's noisy coordinates in order. grain: one row per table and coordinate. trust: N
SELECT measure, dimensions, position, value
FROM noisy_cell
WHERE sequence = $sequence
ORDER BY measure, dimensions, position
