-- yields: nothing; a batch of format 3 got a new number when its file was read again; now it does not. trust: P
ALTER TABLE batch DROP COLUMN order_no
