-- yields: nothing; forgets suspensions with a later withdrawal, of people without waiting rows whose withdrawal itself does
-- not wait: a cancellation must not end a suspension. trust: P
DELETE FROM suspension
USING withdrawn
WHERE withdrawn.mark = suspension.mark
  AND withdrawn.withdrawn_at >= suspension.suspended_at
  AND suspension.mark NOT IN (SELECT mark FROM waiting_person)
  AND suspension.mark NOT IN (SELECT suppression_hash FROM named_in)
