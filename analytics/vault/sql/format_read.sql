-- yields: the vault's format number, none in a new file. trust: N
SELECT format FROM vault
