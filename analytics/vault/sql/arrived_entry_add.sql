-- yields: some more of a file's good rows. grain: one row per line. trust: P
INSERT INTO arrived_entry BY NAME SELECT * FROM chunk
