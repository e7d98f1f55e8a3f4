-- yields: nothing; removes held records that the file repeats unchanged: they are held once, in the order of the later file.
-- So a command that was killed before its file left the inbox holds no record twice. trust: P
DELETE FROM refused_record
USING refused_waiting AS waiting, person
WHERE person.pseudonym = waiting.pseudonym
  AND refused_record.person_no = person.person_no
  AND refused_record.source_no = $source_no
  AND refused_record.kind = waiting.kind
  AND refused_record.texts = waiting.texts
  AND refused_record.batch_no < $batch_no
