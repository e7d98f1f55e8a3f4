-- yields: nothing; forgets refused rows of files that are the one file of somebody withdrawn. trust: P
DELETE FROM quarantine
WHERE batch_no IN (
    SELECT batch_no
    FROM batch_person
    JOIN withdrawn USING (mark)
    ANTI JOIN person USING (mark)
)
