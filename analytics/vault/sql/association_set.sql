-- yields: nothing; gives entries their factors from another file of the same export. trust: P
UPDATE entry
SET factors = association_standing.factors
FROM association_standing
WHERE association_standing.standing = 'changed'
  AND entry.person_no = association_standing.person_no
  AND entry.source_no = $source_no
  AND entry.key_kind = association_standing.key_kind
  AND entry.key_value = association_standing.key_value
