"""The register in the project's own form: one line per person, and the day from which it counts."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from analytics.contracts import Source
from analytics.vault.readers.shared.delimited import Fields, read_delimited
from analytics.vault.readers.shared.rows import RawRows


def read(path: Path, source: Source) -> Iterator[RawRows]:
    """Yield the file's rows; its columns are the grid's dimensions. Raises FileRefusedError for its header only."""
    required = {name: name for name in ("person_id", "valid_from")}
    dimensions = {name: cohort.field for name, cohort in source.cohorts.items()}
    for part in read_delimited(path, source.delimiter, Fields(required | dimensions, {"id_domain": "id_domain"})):
        yield replace(part, kind="participant")
