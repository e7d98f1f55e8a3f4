"""SEES NOISE ONLY: who logs, against the public population, and figures weighted to it."""
