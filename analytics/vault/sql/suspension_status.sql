-- yields: how arrived unclear events compare with what is known. new: they suspend. same: on record, of no effect because a
-- withdrawal came after, or one of several of the person in this file. grain: one row per arrived event. trust: P
SELECT
    arrived.line,
    arrived.mark,
    arrived.recorded_at AS suspended_at,
    CASE
        WHEN arrived.recorded_at <= greatest(withdrawn.withdrawn_at, suspension.suspended_at) THEN 'same'
        -- One that says no time is on record once nothing was granted after it: sent again, it changes nothing. One that
        -- a withdrawal came after is no longer on record, whether or not it is forgotten yet.
        WHEN arrived.timeless
            AND suspension.suspended_at > coalesce(withdrawn.withdrawn_at, suspension.suspended_at - 1)
            AND coalesce(consent_given.granted_at <= suspension.suspended_at, TRUE)
            THEN 'same'
        WHEN row_number() OVER (PARTITION BY arrived.mark ORDER BY arrived.recorded_at DESC, arrived.line DESC) > 1
            THEN 'same'
        ELSE 'new'
    END AS status
FROM arrived
LEFT JOIN withdrawn USING (mark)
LEFT JOIN suspension USING (mark)
LEFT JOIN person USING (mark)
LEFT JOIN consent_given USING (person_no)
ORDER BY arrived.line
