"""What tests of FHIR's reader share: one that reads records made up by a test, and changes to records."""

from pathlib import Path
from typing import Any

import pytest

from analytics.contracts import Source
from tests.specimens.fhir import Json, component, concept, file, line
from tests.support.reading import Found, found_in


class Reader:
    """Reads records that a test makes up."""

    def __init__(self, path: Path, source: Source) -> None:
        """Hold the file's place and the declaration."""
        self.path, self.source = path, source

    def all(self, *records: object) -> Found:
        """Return what is found in lines of records, with a line of something else before them."""
        self.path.write_bytes(file([line({"resourceType": "Device"}), *map(line, records)]))
        rows, bad, free_text, passed_over = found_in(self.path, self.source)
        return Found(rows, {line - 1: broken for line, broken in bad.items()}, free_text, passed_over - 1)

    def row(self, record: object) -> dict[str, str]:
        """Return a record's only row."""
        rows, bad, _, _ = self.all(record)
        assert bad == {}
        assert len(rows) == 1
        return rows[0]

    def rule(self, record: object) -> tuple[str, str]:
        """Return why a record is refused."""
        rows, bad, _, _ = self.all(record)
        assert rows == []
        return bad[1]

    def passes_over(self, record: object) -> bool:
        """Say whether a record is looked past: neither a row nor bad."""
        return self.all(record) == ([], {}, 0, 1)


def reader_of_records() -> object:
    """Return a fixture: a reader of made-up records."""

    @pytest.fixture
    def reader(path: Path, source: Source) -> Reader:
        return Reader(path, source)

    return reader


def without(record: Json, *names: str) -> Json:
    """Return a record without some members."""
    return {name: value for name, value in record.items() if name not in names}


def parts(**changes: Any) -> list[Json]:  # noqa: ANN401 -- JSON is anything
    """Return a state of mind's components by name, with the changes given; None leaves one out."""
    usual: dict[str, Any] = {
        "kind": {"valueCodeableConcept": concept("dailyMood")},
        "valence": {"valueQuantity": {"value": 0.5}},
        "associations": {"valueCodeableConcept": concept("work")},
    }
    return [component(name, **value) for name, value in (usual | changes).items() if value is not None]
