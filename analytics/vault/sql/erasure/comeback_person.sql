-- yields: the people who are in the views again and had left them. grain: one row per person. trust: P
INSERT INTO person (person_no, pseudonym, mark)
SELECT old_no, pseudonym, suppression_hash FROM comeback WHERE old_no = new_no
