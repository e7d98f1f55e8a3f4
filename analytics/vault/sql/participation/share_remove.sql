-- yields: nothing; takes the shares of exhausted participants out of `share`. trust: P
DELETE FROM share
WHERE person_no IN (SELECT person_no FROM exhausted)
