-- yields: nothing; forgets suspensions that a withdrawal came after, of people of whom nothing waits. trust: P
DELETE FROM suspension
USING withdrawn
WHERE withdrawn.mark = suspension.mark
  AND withdrawn.withdrawn_at >= suspension.suspended_at
  AND suspension.mark NOT IN (SELECT mark FROM waiting_person)
