"""Consent events in the project's own form: one event per line."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from analytics.contracts import Source
from analytics.vault.readers.shared.delimited import Fields, read_delimited
from analytics.vault.readers.shared.rows import COLUMNS, RawRows

_OPTIONAL = ("policy_version", "id_domain")


def read(path: Path, source: Source) -> Iterator[RawRows]:
    """Yield the file's events. Raises FileRefusedError for its header or container only."""
    names = COLUMNS["consent"]
    fields = Fields(
        required={name: name for name in names if name not in _OPTIONAL}, optional={name: name for name in _OPTIONAL}
    )
    for part in read_delimited(path, source.delimiter, fields):
        yield replace(part, kind="consent")
