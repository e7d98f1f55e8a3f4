"""Erasure: a withdrawal reaches every row, folder and byte, and the suppression list outlives any backup."""
