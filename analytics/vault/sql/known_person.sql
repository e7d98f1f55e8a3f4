-- yields: who of the arrived pseudonyms is known, and from when their consent in force covers entries.
-- grain: one row per arrived pseudonym, in its order. trust: P
SELECT covered_person.person_no, covered_person.covers_from
FROM arrived
LEFT JOIN covered_person USING (pseudonym)
ORDER BY arrived.place
