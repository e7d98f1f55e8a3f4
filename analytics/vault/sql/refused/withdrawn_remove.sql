-- yields: nothing; deletes the held records of people with a new withdrawal, even if they came back. trust: P
DELETE FROM refused_record
USING person, arrived
WHERE refused_record.person_no = person.person_no
  AND person.mark = arrived.suppression_hash
