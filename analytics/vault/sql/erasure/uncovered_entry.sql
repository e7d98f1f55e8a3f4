-- yields: nothing; what a grant that is closed by now had covered, and the given consent does not, leaves every view.
-- trust: P
UPDATE entry
SET person_no = uncovered.waiting_no
FROM uncovered
WHERE uncovered.person_no = entry.person_no
  AND entry.local_date < uncovered.covers_from
