"""What a ledger's entries and cells give, made once: verifying makes all of it again after each of many damages.

For tests of what lies in files, where nothing changes how files are made. Known by content: other noise is rendered
by itself.
"""

import itertools
from collections.abc import Iterator

import pytest

from analytics.cells import TableKey
from analytics.store.chain import Entry
from analytics.trends.publication import publish, verify
from analytics.trends.publication.lines import CellsOf
from analytics.trends.publication.rendering import rendered

_Ledger = tuple[tuple[Entry, tuple[tuple[TableKey, tuple[int, ...]], ...]], ...]
_Release = tuple[Entry, dict[str, bytes]]

_KNOWN: dict[_Ledger, tuple[list[_Release], Iterator[_Release]]] = {}
"""The releases that were made so far, and those that nobody has asked for yet."""


@pytest.fixture
def rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let publishing and verifying take what was rendered before of the very same entries and cells."""
    for module in (publish, verify):
        monkeypatch.setattr(module, "rendered", _once)


def _once(entries: list[Entry], cells: CellsOf) -> Iterator[_Release]:
    known = {entry.sequence: cells(entry) for entry in entries}
    content = tuple((entry, tuple(known[entry.sequence].vectors.items())) for entry in entries)
    begun: tuple[list[_Release], Iterator[_Release]] = [], rendered(entries, lambda entry: known[entry.sequence])
    made, rest = _KNOWN.pop(content, begun)
    for place in itertools.count():
        if place == len(made):
            try:
                made.append(next(rest))
            except StopIteration:
                _KNOWN[content] = made, rest
                return
        _KNOWN[content] = made, rest  # whatever raised before is tried again
        entry, files = made[place]
        yield entry, dict(files)
