-- yields: how many orphaned rows there are: their person is neither in the vault nor waits for deletion. Anything but 0 is
-- an erasure that was not complete.
-- grain: one row. unit: rows. trust: P, for operators
SELECT count(*)
FROM (
    SELECT person_no FROM entry
    UNION ALL
    SELECT person_no FROM questionnaire_total
    UNION ALL
    SELECT person_no FROM register
    UNION ALL
    SELECT person_no FROM deleted_entry
    UNION ALL
    SELECT person_no FROM participation
    UNION ALL
    SELECT person_no FROM consent_event
    UNION ALL
    SELECT person_no FROM refused_record
)
ANTI JOIN person USING (person_no)
ANTI JOIN waiting_person USING (person_no)
