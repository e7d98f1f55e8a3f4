"""SEES EXACT SUMS (trust level X), EMITS NOISE (N): budget, noise, and the one transaction that commits both."""
