-- yields: operators' counts of rows that wait for their deletion: people, rows. grain: one row. trust: P, for operators
SELECT
    (SELECT count(DISTINCT mark) FROM waiting_person),
    (
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
        SEMI JOIN waiting_person USING (person_no)
    )
