-- yields: nothing; forgets suspensions that a withdrawal came after, of people of whom nothing waits and whose withdrawal
-- itself does not: a cancellation must not end a suspension. trust: P
DELETE FROM suspension
USING withdrawn
WHERE withdrawn.mark = suspension.mark
  AND withdrawn.withdrawn_at >= suspension.suspended_at
  AND suspension.mark NOT IN (SELECT mark FROM waiting_person)
  AND suspension.mark NOT IN (SELECT mark FROM named_in)
