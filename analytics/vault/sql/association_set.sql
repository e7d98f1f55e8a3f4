-- yields: nothing; gives entries their factors from another file of the same export. trust: P
UPDATE entry
SET factors = association_status.factors
FROM association_status
WHERE association_status.status = 'changed'
  AND entry.person_no = association_status.person_no
  AND entry.source_no = $source_no
  AND entry.key_kind = association_status.key_kind
  AND entry.key_value = association_status.key_value
