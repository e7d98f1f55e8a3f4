-- yields: nothing; forgets whose a held file is, if it is somebody's who left and of whom nothing waits. trust: P
DELETE FROM batch_person
WHERE mark IN (
    SELECT mark FROM withdrawn ANTI JOIN person USING (mark) ANTI JOIN waiting_person USING (mark)
    UNION ALL
    SELECT mark FROM leaver
)
