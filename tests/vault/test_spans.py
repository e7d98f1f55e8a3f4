"""Which entries are surely new, and which line of a key is the last: fast answers against slow and obvious ones."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.vault.database import Vault
from analytics.vault.loading.spans import Spans, last_of_each_key

KEY = st.tuples(st.integers(1, 3), st.integers(0, 3), st.integers(-3, 6))
"""Person, kind, value: few, so that keys come again."""


def frame(keys: list[tuple[int, int, int]]) -> pl.DataFrame:
    """Return rows of a file, one line per key."""
    schema = {"person_no": pl.Int32, "key_kind": pl.Int8, "key_value": pl.Int64}
    return pl.DataFrame(keys, schema=schema, orient="row").with_row_index("line", offset=2)


class NothingStored(Vault):
    """A vault of which nothing is known."""

    def __init__(self) -> None:
        """Have no file."""

    def frame(self, name: str, parameters: object = None) -> pl.DataFrame:  # noqa: ARG002 -- the parent's signature
        """Return no span."""
        assert name == "known_span"
        return frame([]).drop("line", "key_value").with_columns(least=pl.lit(0), most=pl.lit(0))


@settings(deadline=None)
@given(parts=st.lists(st.lists(KEY, max_size=8), max_size=6))
def test_no_key_that_came_before_is_said_to_be_new(parts: list[list[tuple[int, int, int]]]) -> None:
    """Whatever was in an earlier part is compared exactly, and no row is lost or doubled between the two."""
    spans = Spans(NothingStored(), 0)
    before: set[tuple[int, int, int]] = set()
    for part in parts:
        new, perhaps = spans.split(frame(part))
        keys = {row[1:] for row in new.iter_rows()}
        assert not keys & before
        assert sorted([*new["line"], *perhaps["line"]]) == list(range(2, 2 + len(part)))
        before |= set(part)


def test_what_is_newer_or_older_than_all_that_is_known_is_new() -> None:
    """The usual files cost no comparison: later days, and an archive of earlier ones."""
    spans = Spans(NothingStored(), 0)
    spans.split(frame([(1, 1, 100), (1, 1, 200)]))
    new, perhaps = spans.split(frame([(1, 1, 201), (1, 1, 99), (2, 1, 150), (1, 2, 150), (1, 1, 150), (1, 1, 200)]))
    assert new["line"].to_list() == [2, 3, 4, 5]
    assert perhaps["line"].to_list() == [6, 7]  # within what is known, and the same as what is known


@settings(deadline=None)
@given(keys=st.lists(KEY, max_size=20))
def test_the_last_line_of_each_key_is_kept(keys: list[tuple[int, int, int]]) -> None:
    """A dictionary, filled line by line, keeps the same lines."""
    slow = {key: line for line, key in enumerate(keys, start=2)}
    rows = frame(keys).sample(fraction=1.0, shuffle=True, seed=1)  # lines come in any order
    found = {row[1:]: row[0] for row in last_of_each_key(rows).iter_rows()}
    assert found == slow
