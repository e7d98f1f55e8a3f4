-- yields: the format number of a new vault. trust: N
INSERT INTO vault VALUES ($format)
