"""Which definition of a pattern finds a rhythm, or a factor, soonest: candidates at the same loss."""
