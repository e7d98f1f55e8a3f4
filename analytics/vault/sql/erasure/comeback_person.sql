-- yields: the people who are in the views again, who were not. grain: one row per person. trust: P
INSERT INTO person (person_no, pseudonym, mark)
SELECT old_no, pseudonym, mark FROM comeback WHERE old_no = new_no
