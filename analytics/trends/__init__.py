"""SEES NOISE ONLY (trust level N): estimates, intervals, published files, and the dashboard's only door to them."""
