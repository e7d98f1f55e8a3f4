-- yields: how many coordinates belong to no entry; always 0. trust: N
SELECT count(*) FROM noisy_cell WHERE sequence NOT IN (SELECT sequence FROM release_entry)
