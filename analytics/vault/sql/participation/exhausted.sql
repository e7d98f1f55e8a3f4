-- yields: who may not be counted in a release any more: counted in $most other releases of the product within any 53
-- weeks that contain it, or withdrew so lately that what they were counted in is forgotten.
-- grain: one row per participant. trust: P
-- L9: a function of one participant's record and of the list of withdrawn people (docs/privacy/proof.md)
CREATE OR REPLACE TEMP TABLE exhausted AS
SELECT person_no
FROM participation
WHERE product = $product
  AND period <> $period
  AND last_week BETWEEN $last_week - 52 AND $last_week + 52
GROUP BY person_no
HAVING count(DISTINCT period) >= $most
UNION
SELECT person_no
FROM person
JOIN withdrawn USING (mark)
WHERE withdrawn_at >= $forgotten_since
