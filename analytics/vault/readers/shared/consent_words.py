"""The three answers that a consent row can give. Nothing is guessed: what is not clearly one of two suspends."""

GRANTED = "granted"
WITHDRAWN = "withdrawn"
UNCLEAR = "unclear"
"""Names a person and says neither yes nor no, or both."""
