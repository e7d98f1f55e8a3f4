"""NOISE ONLY (trust level N): the ledger of losses and the noisy cells, in one SQLite file with its head outside."""
