"""Patterns for ids: checked when a contract is read, by the engine that will match them."""

from contextlib import suppress

MOST_CHARACTERS = 200
"""A longer pattern is refused; an id has a few characters."""


def anchored(pattern: str) -> str:
    """Return the pattern so that it must match the whole id."""
    return f"^(?:{pattern})$"


def fault_of_pattern(pattern: object) -> str | None:
    """Say what is wrong with a pattern, or None.

    The engine is Rust's: its time grows with the text and not with the pattern's choices, and it refuses what would
    need more (look-around, references back) or too much memory, so one id cannot hold up a file.
    """
    if not isinstance(pattern, str) or not 0 < len(pattern) <= MOST_CHARACTERS:
        return f"expected a regular expression of at most {MOST_CHARACTERS} characters"
    import polars as pl  # noqa: PLC0415 -- heavy, and only where there is a pattern

    with suppress(pl.exceptions.ComputeError):
        for text in (pattern, anchored(pattern)):  # by itself, too: `a)|(b` would only be whole in the brackets
            pl.Series([""]).str.contains(text)
        return None
    return "not a regular expression that can be used (no look-around, no references back, none of great size)"
