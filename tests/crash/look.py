"""What a home holds, looked at in a copy, so that looking changes nothing and heals nothing."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from analytics.cells import NoisyCells
from analytics.home import Home
from analytics.store.chain import Entry
from analytics.store.ledger import open_ledger
from analytics.trends.publication.published import Published

Row = tuple[Any, ...]

_OF_PEOPLE = ("entry", "register", "consent_event")


@dataclass(frozen=True)
class Look:
    """What a home holds."""

    entries: list[tuple[Entry, NoisyCells]]
    rows_by_batch: dict[int, list[Row]]
    """The rows of people by the file that they are of, each with its pseudonym."""
    published: dict[str, bytes]
    """The files of the releases that `current.json` names, by path, after a reader has checked all of them."""
    meaning: dict[str, object]
    """What must be the same however often a command was interrupted.

    No number that was given on the way is in it.
    """

    @property
    def releases(self) -> list[str]:
        """The names of what is drawn."""
        return [entry.name for entry, _ in self.entries]

    @property
    def spent(self) -> int:
        """All losses together, in nano-rho."""
        return sum(entry.loss_nano for entry, _ in self.entries)


def looked_at(root: Path) -> Look:
    """Look at a home, or at what there is of one."""
    with tempfile.TemporaryDirectory() as beside:
        home = Home(Path(beside) / "home")
        if (root / "home.json").is_file():
            shutil.copytree(root, home.root)
        entries: list[tuple[Entry, NoisyCells]] = []
        rows: dict[int, list[Row]] = {}
        meaning: dict[str, object] = {}
        if home.ledger.exists():
            with open_ledger(home.ledger, home.head) as ledger:
                entries = [(entry, ledger.cells(entry)) for entry in ledger.entries()]
        if home.vault.exists():
            with closing(duckdb.connect(str(home.vault))) as connection:
                rows = _rows(connection)
                meaning = dict(_meaning(connection))
        meaning |= {"inbox": _contents(home.inbox), "left over": _left_over(home)}
        return Look(entries, rows, _published(home), meaning)


def _rows(connection: duckdb.DuckDBPyConnection) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for table in _OF_PEOPLE:
        rows = connection.execute(
            f"SELECT batch_no, '{table}', pseudonym, * EXCLUDE (person_no, batch_no, pseudonym) "  # noqa: S608 -- our names
            f"FROM {table} JOIN person USING (person_no) ORDER BY ALL"
        ).fetchall()
        for batch, *row in rows:
            found.setdefault(batch, []).append(tuple(map(str, row)))
    return found


def _meaning(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, object]]:
    rows = _rows(connection)
    yield "rows", sorted(row for batch in rows.values() for row in batch)
    for name, sql in {
        "refused": "SELECT rule, column_name, line, is_held FROM refused_row ORDER BY ALL",
        "held": "SELECT person_no, kind, line, place, first_at, texts FROM refused_record ORDER BY ALL",
        "withdrawn": "SELECT * FROM withdrawn ORDER BY ALL",
        "rebuild": "SELECT rebuild_due FROM vault",
    }.items():
        yield name, [tuple(map(str, row)) for row in connection.execute(sql).fetchall()]


def _published(home: Home) -> dict[str, bytes]:
    published = Published.open(home.published)
    assert published.damaged == ()
    return {
        str(path.relative_to(home.root)): path.read_bytes()
        for product in published.products
        for release in published.releases(product)
        for path in sorted((home.published / "releases" / product / f"{release.period}-r{release.revision}").iterdir())
    }


def _contents(folder: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _left_over(home: Home) -> list[str]:
    """Return files that belong to nobody: half copies, spilt rows, journals, releases that are not named."""
    places = (home.vault.parent, home.ledger.parent, home.published)
    known = {home.vault, home.ledger}
    return sorted(
        str(path.relative_to(home.root))
        for place in places
        for path in place.rglob("*")
        if path.is_file() and path not in known and (place in places[:2] or path.name.startswith("."))
    )
