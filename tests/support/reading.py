"""What tests of readers share: a file's place and declaration, what is found in it, and what is said of a refusal."""

import itertools
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import polars as pl
import pytest

from analytics.contracts import Contracts, Source
from analytics.errors import FileRefusedError
from analytics.vault.readers import reader_of
from analytics.vault.readers.shared.rows import RawRows
from tests.conftest import tells_of_a_person


class Found(NamedTuple):
    """What a reader found in a file."""

    rows: list[dict[str, str]]
    """Of all kinds, each with its `kind`; without the line."""
    bad: dict[int, tuple[str, str]]
    """The rule and the column by the line of a bad record."""
    free_text: int
    """Fields of free text that were dropped."""
    passed_over: int


def source_of(specimens: ModuleType) -> object:
    """Return a fixture: the declaration of the specimens' source."""

    @pytest.fixture
    def source(contracts: Contracts) -> Source:
        return contracts.sources[specimens.SOURCE]

    return source


def path_of(specimens: ModuleType) -> object:
    """Return a fixture: where a test may write its file, under the name that such a file has."""

    @pytest.fixture
    def path(tmp_path: Path) -> Path:
        name: str = specimens.FILE_NAME
        return tmp_path / name

    return path


def parts_in(path: Path, source: Source) -> list[RawRows]:
    """Return all that the source's reader yields; bad records stand where the intake looks for them."""
    parts = list(reader_of(source)(path, source))
    assert all(part.kind == "entry" for part in parts if part.bad.height)
    return parts


def entries_of(parts: Iterable[RawRows]) -> pl.DataFrame:
    """Return the rows of a file of entries, by their lines."""
    return pl.concat([part.rows for part in parts]).sort("line")


def bad_of(parts: Iterable[RawRows]) -> dict[int, tuple[str, str]]:
    """Return the rule and the column by the line of a bad record."""
    return {line: (rule, column) for part in parts for line, rule, column in part.bad.iter_rows()}


def found_in(path: Path, source: Source) -> Found:
    """Return what the source's reader finds in a file."""
    parts = parts_in(path, source)
    rows = [{"kind": part.kind, **row} for part in parts for row in part.rows.drop("line").iter_rows(named=True)]
    free_text, passed_over = sum(part.free_text_fields for part in parts), sum(part.passed_over for part in parts)
    return Found(rows, bad_of(parts), free_text, passed_over)


def only_row(path: Path, source: Source, content: bytes) -> dict[str, str]:
    """Return the only row of a file in which nothing is bad."""
    path.write_bytes(content)
    rows, bad, _, _ = found_in(path, source)
    assert (len(rows), bad) == (1, {})
    return rows[0]


def first_rule(path: Path, source: Source, content: bytes) -> tuple[str, str]:
    """Return the rule and the column that a file's first record breaks; the good one after it is kept."""
    path.write_bytes(content)
    rows, bad, _, _ = found_in(path, source)
    assert len(rows) == 1
    assert set(bad) == {1}
    return bad[1]


def refusal(path: Path, source: Source, content: bytes) -> str:
    """Return what is said of a file that is refused: nothing of a person, neither there nor behind it."""
    path.write_bytes(content)
    with pytest.raises(FileRefusedError) as refused:
        parts_in(path, source)
    said = f"{refused.value.message} {refused.value.action}"
    assert not tells_of_a_person(f"{said} {refused.value.__context__}")
    return said


def fresh_words() -> Callable[[], str]:
    """Return what gives a new word to look for at each call."""
    count = itertools.count()
    return lambda: f"CANARY{next(count)}"


def planted_in(path: Path, source: Source, specimens: ModuleType) -> Found:
    """Return what is found in a file in which every text is a word to look for; two moods at least are taken in."""
    path.write_bytes(specimens.planted(fresh_words()))
    found = found_in(path, source)
    moods = [row["mood"] for row in found.rows if row["kind"] == "entry"]
    assert sum(not tells_of_a_person(mood) for mood in moods) >= 2
    return found


def holding(rows: Iterable[dict[str, str]]) -> set[str]:
    """Return the columns that hold a word to look for."""
    return {name for row in rows for name, text in row.items() if tells_of_a_person(text)}
