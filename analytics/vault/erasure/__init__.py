"""Erasure: a withdrawal reaches every row, folder and byte, and the list of those who left outlives any backup."""
