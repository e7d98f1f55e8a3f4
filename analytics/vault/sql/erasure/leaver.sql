-- yields: the numbers whose rows are deleted now: a batch of the list that does not wait names their person, and comes no
-- earlier than the batch that ended the consent; so a person's own withdrawal waits for no other batch with that person.
-- grain: one row per person number. trust: P
CREATE OR REPLACE TEMP TABLE leaver AS
SELECT person_no
FROM waiting_person
WHERE list_no = 0
    OR EXISTS (
        SELECT 1
        FROM named_in
        WHERE named_in.suppression_hash = waiting_person.mark AND named_in.list_no >= waiting_person.list_no
    )
