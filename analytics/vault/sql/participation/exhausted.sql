-- yields: the people who may not be counted in a release any more: counted in $most other releases of the product whose last
-- weeks share 53 weeks with its own; or on the suppression list in a batch after $applied_through, the last batch that was
-- applied before such a release: that it counted them is forgotten. NULL: there is none.
-- grain: one row per participant. trust: P
-- L7, L9: a function of one participant's record and of the suppression list (docs/privacy/proof.md)
CREATE OR REPLACE TEMP TABLE exhausted AS
SELECT person_no
FROM participation
WHERE product = $product
  AND period <> $period
  AND last_week BETWEEN $since_week AND $until_week
GROUP BY person_no
HAVING count(DISTINCT period) >= $most
UNION
SELECT person_no
FROM person
JOIN left_once ON left_once.suppression_hash = person.mark
WHERE left_once.received_no > $applied_through::BIGINT
