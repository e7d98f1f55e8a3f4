-- yields: nothing; rows that only a closed grant covered, and no given consent does, leave every view.
-- trust: P
UPDATE entry
SET person_no = uncovered.waiting_no
FROM uncovered
WHERE uncovered.person_no = entry.person_no
  AND entry.local_date < uncovered.covers_from
