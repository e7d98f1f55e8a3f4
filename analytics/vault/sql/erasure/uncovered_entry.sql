-- yields: nothing; deletes what a grant that is closed by now had covered, and the consent in force does not. trust: P
DELETE FROM entry
USING consent_in_force
WHERE consent_in_force.person_no = entry.person_no
  AND entry.local_date < consent_in_force.covers_from
