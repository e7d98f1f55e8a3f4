-- yields: nothing; removes register rows that the file corrects. trust: P
DELETE FROM register
USING register_change AS change
WHERE change.status = 'changed'
  AND register.person_no = change.person_no
  AND register.valid_from = change.valid_from
