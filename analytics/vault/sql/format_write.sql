-- yields: what a new vault says of itself. trust: N
INSERT INTO vault VALUES ($format, 0, '', FALSE, NULL)
