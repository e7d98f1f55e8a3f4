"""Readers: the bytes of one file and its source's declaration become rows of text; free text ends here.

A format is one module here, named as declarations name it (`format: daylio_csv`), with one function
`read(path, source)`, and where a declaration changes what a refused record's texts mean also `reread(records, source)`;
a source is one declaration in `contracts/sources`.
"""

import functools
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from analytics.contracts import Source
from analytics.errors import FileRefusedError
from analytics.vault.readers.shared.rows import Kind, RawRows, Row, gather, kept_name

Reader = Callable[[Path, Source], Iterator[RawRows]]

_REGISTER: dict[str, Kind] = {"consents": "consent", "withdrawals": "consent", "participants": "participant"}
"""The register's own formats, and the one kind of row that each holds."""

_SEVERAL = frozenset({"fhir"})
"""Formats of files that may hold any kind, with or without a word in the declaration."""

_EVERY: frozenset[Kind] = frozenset({"consent", "participant", "entry", "association", "deletion", "total"})


def kinds_of(source: Source) -> frozenset[Kind]:
    """Return the kinds of rows that files of a source may hold, by its declaration alone."""
    if source.format in _REGISTER:
        return frozenset({_REGISTER[source.format]})
    return _EVERY if holds_several(source) else _EVERY - {"consent", "participant"}


def holds_several(source: Source) -> bool:
    """Return whether a file of the source may hold consents or participants beside what depends on them."""
    return source.mixed or source.format in _SEVERAL


_CHOSEN = ("mood", "source_id", "factors", "sleep_hours", "sleep_quality")
_BY_DECLARATION = {"generic": ("time", "time_of_day", *_CHOSEN), "mpath": _CHOSEN}
"""Formats of which the declaration names columns, and which."""


@functools.cache
def formats() -> list[str]:
    """Return the names of all formats."""
    return sorted(module.name for module in iter_modules(__path__) if not module.ispkg)


def reader_of(source: Source) -> Reader:
    """Return the reader of a source's format.

    Raises:
        FileRefusedError: if its declaration names an unknown format.
    """
    if source.format not in formats():
        message = f"The declaration of {source.name} names an unknown format."
        raise FileRefusedError(message, f"Name one of these in contracts/sources: {', '.join(formats())}.")
    reader: Reader = import_module(f"{__name__}.{source.format}").read
    return reader


def reread(records: Iterable[tuple[int, Row]], source: Source) -> Iterator[RawRows]:
    """Yield numbered records that were refused, as today's declaration reads them. Raises as `reader_of`."""
    reader_of(source)
    again = getattr(import_module(f"{__name__}.{source.format}"), "reread", None)
    yield from gather(records, lambda row: [row]) if again is None else again(records, source)


def file_names(source: Source) -> dict[str, str]:
    """Return our names of columns that a declaration chooses, and the file's: a refused record keeps the file's."""
    chosen = {name: getattr(source.columns, name) for name in _BY_DECLARATION.get(source.format, ())}
    return {
        "logged_at" if ours == "time" else ours: kept_name(name) for ours, name in chosen.items() if name is not None
    }
