-- yields: the rows whose person consents today to entries of that date, and how each stands to what is stored.
-- grain: one row per participant and entry key. trust: P
CREATE TEMP TABLE admitted_entry AS
SELECT
    person.person_no,
    latest_entry.* EXCLUDE (pseudonym, line),
    CASE
        WHEN stored.person_no IS NULL THEN 'new'
        WHEN stored.local_date = latest_entry.local_date
            AND stored.local_time IS NOT DISTINCT FROM latest_entry.local_time
            AND stored.utc_at IS NOT DISTINCT FROM latest_entry.utc_at
            AND stored.mood_native = latest_entry.mood_native
            AND stored.mood_score = latest_entry.mood_score
            AND stored.factors = latest_entry.factors
            AND stored.sleep_thousandths IS NOT DISTINCT FROM latest_entry.sleep_thousandths
            AND stored.report_kind = $report_kind
            THEN 'same'
        ELSE 'changed'
    END AS standing
FROM latest_entry
JOIN person USING (pseudonym)
JOIN consent_in_force USING (person_no)
LEFT JOIN entry AS stored
    ON stored.person_no = person.person_no
    AND stored.source = $source
    AND stored.key_kind = latest_entry.key_kind
    AND stored.key_value = latest_entry.key_value
WHERE latest_entry.local_date >= consent_in_force.covers_from
