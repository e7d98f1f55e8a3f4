-- yields: the suppression hashes of people with waiting rows. grain: one row per hash. trust: P
SELECT DISTINCT mark AS suppression_hash FROM waiting_person
