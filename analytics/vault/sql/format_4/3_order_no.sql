-- yields: nothing; a batch of format 3 was numbered anew when its file was read again, now it is not. trust: P
ALTER TABLE batch DROP COLUMN order_no
