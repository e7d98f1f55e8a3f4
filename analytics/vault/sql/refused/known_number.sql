-- yields: from when the consent in force of the arrived participants covers entries, and their pseudonyms.
-- grain: one row per arrived participant, in its order. trust: P
SELECT person.person_no, consent_in_force.covers_from, person.pseudonym
FROM arrived
LEFT JOIN person USING (person_no)
LEFT JOIN consent_in_force USING (person_no)
ORDER BY arrived.place
