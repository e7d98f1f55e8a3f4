-- yields: nothing; forgets whose a held file of format 3 was. trust: P
DROP TABLE IF EXISTS batch_person
