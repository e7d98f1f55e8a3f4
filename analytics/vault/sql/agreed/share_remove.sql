-- yields: nothing; takes the shares of everybody who is not in `agreed` out of `share`. trust: P
DELETE FROM share
WHERE person_no NOT IN (SELECT person_no FROM agreed)
