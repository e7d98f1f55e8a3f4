"""Data, not logic: what may come in, what may go out, what it may cost."""
