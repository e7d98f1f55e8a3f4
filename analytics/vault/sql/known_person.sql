-- yields: who of the arrived pseudonyms is known, and from when their consent in force covers entries.
-- grain: one row per arrived pseudonym, in its order. trust: P
SELECT person.person_no, consent_in_force.covers_from
FROM arrived
LEFT JOIN person USING (pseudonym)
LEFT JOIN consent_in_force USING (person_no)
ORDER BY arrived.place
