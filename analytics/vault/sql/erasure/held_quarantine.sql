-- yields: nothing; forgets refused rows of files that are the one file of somebody who left and of whom nothing waits.
-- trust: P
DELETE FROM quarantine
WHERE batch_no IN (
    SELECT batch_no
    FROM batch_person
    WHERE mark IN (
        SELECT mark FROM withdrawn ANTI JOIN person USING (mark) ANTI JOIN waiting_person USING (mark)
        UNION ALL
        SELECT mark FROM leaver
    )
)
