-- yields: the marks of people of whom something waits. grain: one row per mark. trust: P
SELECT DISTINCT mark FROM waiting_person
