-- yields: nothing; deletes register rows that a later row replaced before the first day that is still needed. trust: P
DELETE FROM register
WHERE EXISTS (
    SELECT 1
    FROM register AS later
    WHERE later.person_no = register.person_no
      AND later.valid_from > register.valid_from
      AND later.valid_from <= $before
)
