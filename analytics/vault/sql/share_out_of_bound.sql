-- yields: how many participants break the one invariant; anything but 0 ends the draw before any noise. trust: P
-- L1: held at every draw, for every measure (docs/privacy/proof.md)
SELECT count(*)
FROM (
    SELECT person_no
    FROM share
    GROUP BY person_no
    HAVING sum(micro_persons) > 1000000 OR min(micro_persons) < 0
)
