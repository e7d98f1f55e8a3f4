"""SEES NOISE ONLY: shares, means and their intervals, of one release and between releases, from noisy cells."""
