-- yields: the next held records of a batch and kind: person by person, of each the later lines first, so that the last
-- record of a file decides wherever a chunk ends. Of suspended people only consents: none of their new rows is kept, and
-- their held records stay held. grain: one row per refused record, $most at most. trust: P
SELECT person_no, place, texts
FROM refused_record
SEMI JOIN person USING (person_no)
WHERE batch_no = $batch_no
  AND kind = $kind
  AND ($kind = 'consent' OR person_no IN (SELECT person_no FROM consent_in_force))
  AND (person_no > $after_person OR (person_no = $after_person AND place < $before_place))
ORDER BY person_no, place DESC
LIMIT $most
