"""SEES NOISE ONLY: the published files, their sentences, and the check that they follow from the noisy cells."""
