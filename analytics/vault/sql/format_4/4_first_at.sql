-- yields: nothing; as for `order_no`. trust: P
ALTER TABLE batch DROP COLUMN first_at
