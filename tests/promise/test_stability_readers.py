"""From file to vault through every reader and layout: one person's records or files are nobody else's affair.

`test_stability` and `test_stability_formats` look into tables of several people; here are the other layouts that
readers tell apart, and all that carry one person's file. A reader that is in none of the three fails the last test.
"""

import io
import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analytics.contracts import REGISTER_SOURCES, Contracts
from analytics.errors import FileRefusedError
from analytics.vault.readers import formats
from tests.specimens import fhir, generic, modules, mydatahelps
from tests.support import fhir_bundles as bundles
from tests.support import register_lines as registers
from tests.support.people import (
    ANA,
    BEA,
    CAI,
    DEE,
    ENTRY_HEADER,
    WEEK,
    Desk,
    Line,
    balances,
    granted,
    pseudonym,
    query,
    rows_by_pseudonym,
    vault_at,
)
from tests.support.several import SEVERAL

SPECIMENS = modules()

Kept = dict[str, Any]
File = tuple[str, bytes]
"""A source and a file of it."""


@dataclass(frozen=True)
class Layout:
    """A file of several people: one record a piece, which a layout puts together."""

    source: str
    name: str
    others: list[bytes]
    anything: list[bytes]
    """One person's records, good, colliding and malformed."""
    joined: Callable[[list[bytes]], bytes]
    before: list[File] = field(default_factory=list)
    """Files that were taken in before."""
    consenting: tuple[str, ...] = (ANA, BEA, CAI)


def lines(*header: bytes) -> Callable[[Iterable[bytes]], bytes]:
    """Return what joins records to a file of lines."""
    return lambda records: b"".join(record + b"\n" for record in (*header, *records))


def coded(rows: Iterable[Line]) -> list[bytes]:
    """Return lines as bytes."""
    return [row.encode() if isinstance(row, str) else row for row in rows]


def objects(records: list[bytes]) -> list[bytes]:
    """Return the good records of the generic table as one JSON object each."""
    names = generic.GOOD.split(b"\n")[0].decode().split(",")
    return [json.dumps(dict(zip(names, one.decode().split(","), strict=True))).encode() for one in records]


def as_parquet(records: list[bytes]) -> bytes:
    """Return a Parquet file of objects."""
    file = io.BytesIO()
    pl.DataFrame([json.loads(record) for record in records]).write_parquet(file)
    return file.getvalue()


SENT = ("mydatahelps", mydatahelps.file([*mydatahelps.OTHERS, *mydatahelps.ANYTHING[:2]]))

ENTRIES = ("canonical", lines(ENTRY_HEADER.encode())(coded(registers.OTHERS["entries"])))

BROKEN = [b"\xff\xfe", b'"', b"\x00" * 9, b"," * 40, f'"{ANA},'.encode(), b"[" * 2_000]
"""Lines that name nobody, or one person on a damaged line."""


def linked(word: str) -> tuple[list[bytes], list[bytes]]:
    """Return lines of a file beside MyDataHelps's entries: two persons', and one person's of others' keys."""
    others = [f"CANARY-k{n},{who},x,{word}".encode() for n, who in ((1, BEA), (2, BEA), (9, CAI))]
    mine = [f"CANARY-k{n},{ANA},x,{word}".encode() for n in (1, 2, 3, 9)]
    return others, [*mine, f",{ANA},x,{word}".encode(), f"CANARY-k1,{ANA}".encode(), *BROKEN]


LAYOUTS = {
    "withdrawals": Layout(
        *("withdrawals", "a.csv", [f"{DEE},,".encode(), f"{CAI},2026-02-01,elsewhere".encode()]),
        [f"{ANA},,".encode(), f"{ANA},never,".encode(), f"{ANA},2026-02-01,".encode(), *BROKEN],
        lines(b"person_id,recorded_at,id_domain"),
        [ENTRIES],
        (ANA, BEA, CAI, DEE),
    ),
    "generic, an object a line": Layout(
        *("generic", "a.ndjson", objects(generic.OTHERS)),
        [*objects(generic.ANYTHING[:3]), b"{", b"5", b'{"person_id": ["CANARY-ana"]}', *BROKEN],
        lines(),
    ),
    "generic, one document": Layout(
        *("generic", "a.json", objects(generic.OTHERS)),
        [*objects(generic.ANYTHING[:3]), b"{}", b"5", b'{"person_id": ["CANARY-ana"]}', b'{"mood": {"a": "CANARY"}}'],
        lambda records: b"[" + b",".join(records) + b"]",
    ),
    "generic, parquet": Layout(
        *("generic", "a.parquet", objects(generic.OTHERS), objects(generic.ANYTHING[:3])), as_parquet
    ),
    "fhir, consents and patients too": Layout(
        *("fhir", fhir.FILE_NAME, [*fhir.CONSENTS, *fhir.PATIENTS, *fhir.OTHERS], fhir.ANYTHING),
        fhir.file,
        consenting=(),
    ),
    "fhir, a bundle": Layout(
        *("fhir", "a.json", bundles.OTHERS, bundles.ANYTHING),
        lambda records: b'{"resourceType":"Bundle","type":"collection","entry":[' + b",".join(records) + b"]}",
    ),
    **{
        f"mydatahelps, {name}": Layout(*("mydatahelps", f"{name}.csv", *linked(word)), lines(header), [SENT])
        for name, header, word in (
            ("labels", mydatahelps.LABELS_HEADER, "Happy"),
            ("associations", mydatahelps.ASSOCIATIONS_HEADER, "Work"),
            ("deletions", mydatahelps.DELETED_HEADER, "2026-05-11"),
        )
    },
}


def kept(desk: Desk, mine: set[bytes]) -> Kept:
    """Return all that the vault keeps of everybody but `mine`, with their shares, without numbers that it gave out."""
    others = {name: rows for name, rows in rows_by_pseudonym(desk.vault).items() if name not in mine}
    tables: Kept = {"rows": others}
    for table, result in (
        ("questionnaire_total", "instrument, key_kind, key_value, local_date, total"),
        ("deleted_entry", "key_kind, key_value"),
    ):
        found = query(desk.vault, f"SELECT pseudonym, {result} FROM {table} JOIN person USING (person_no) ORDER BY ALL")  # noqa: S608 -- our names
        tables[table] = [row for row in found if row[0] not in mine]
    desk.vault.fill_share("mood_bands", {"first_day": WEEK.first_day, "last_day": WEEK.last_day})
    shares = query(
        desk.vault, "SELECT pseudonym, category_no, micro_persons FROM share JOIN person USING (person_no) ORDER BY ALL"
    )
    return {**tables, "shares": [row for row in shares if row[0] not in mine]}


def taken(contracts: Contracts, folder: Path, layout: Layout, records: list[bytes]) -> Kept:
    """Take a file of `records` into a new vault, and return what is kept of the others."""
    path = folder / "stability.duckdb"
    for left in folder.glob("stability*.*"):
        left.unlink()
    with vault_at(path) as vault:
        desk = Desk(vault, contracts, folder)
        desk.consents(*(granted(person) for person in layout.consenting))
        for number, (source, content) in enumerate(layout.before):
            file = folder / f"before-{number}.csv"
            file.write_bytes(content)
            desk.take(source, file)
        file = folder / layout.name
        file.write_bytes(layout.joined(records))
        assert balances(desk.take(layout.source, file))
        return kept(desk, {pseudonym(ANA), pseudonym("CANARY-ana-again")})


def arranged(layout: Layout) -> list[list[bytes]]:
    """Return one person's records before the others' and behind them, and many of them anywhere."""
    rng = random.Random(11)
    among = [*layout.others]
    for record in (*layout.anything, *rng.choices(layout.anything, k=len(layout.anything))):
        among.insert(rng.randrange(len(among) + 1), record)
    return [[*layout.anything, *layout.others, *layout.anything], among]


@pytest.mark.parametrize("name", LAYOUTS)
def test_one_person_s_records_change_nobody_else_s_in_any_layout(
    contracts: Contracts, tmp_path: Path, name: str
) -> None:
    """Everything that one person can write, wherever it is, leaves what is kept of all others as it was."""
    layout = LAYOUTS[name]
    alone = taken(contracts, tmp_path, layout, layout.others)
    assert alone["rows"]
    for records in arranged(layout):
        # The others keep their order: of two rows of one key the later one holds.
        assert [record for record in records if record in layout.others] == layout.others
        assert taken(contracts, tmp_path, layout, records) == alone


def bad_files(name: str) -> list[bytes]:
    """Return files of one person: good, torn, of strange words, of another kind, and of none."""
    specimen = SPECIMENS[name]
    count = iter(range(10_000))
    planted = specimen.planted(lambda: f"CANARY{next(count)}")
    others = [other.GOOD for source, other in SPECIMENS.items() if source != name]
    return [specimen.GOOD, planted, specimen.GOOD[: len(specimen.GOOD) // 2], b"", b"\x00\xff" * 99, b'{"', *others]


@pytest.mark.parametrize("name", [each for each in SPECIMENS if not hasattr(SPECIMENS[each], "OTHERS")])
def test_one_person_s_files_change_nobody_else_s(contracts: Contracts, tmp_path: Path, name: str) -> None:
    """A run with more files of one person, refused ones too, leaves what is kept of all others as it was."""
    ending = Path(SPECIMENS[name].FILE_NAME).suffix

    def run(*files: tuple[str, bytes]) -> tuple[Kept, int]:
        refused = 0
        path = tmp_path / "stability.duckdb"
        for left in tmp_path.glob("stability*.*"):
            left.unlink()
        with vault_at(path) as vault:
            desk = Desk(vault, contracts, tmp_path)
            desk.consents(*(granted(person) for person in (ANA, BEA, CAI)))
            for number, (person, content) in enumerate(files):
                file = tmp_path / f"{number}{ending}"
                file.write_bytes(content)
                try:
                    desk.take(name, file, person)
                except FileRefusedError:
                    refused += 1
            return kept(desk, {pseudonym(ANA)}), refused

    good = [(person, SPECIMENS[name].GOOD) for person in (BEA, CAI)]
    mine = [(ANA, content) for content in bad_files(name)]
    alone, refused = run(*good)
    assert set(alone["rows"]) == {pseudonym(BEA), pseudonym(CAI)}
    assert len(alone["rows"][pseudonym(BEA)]) > 2
    assert refused == 0
    together, refused = run(*mine[::2], good[0], *mine, good[1], *mine[1::2])
    assert together == alone
    assert refused > 3


def test_every_reader_is_here(contracts: Contracts) -> None:
    """No declared source is without such a test, but one that is a table by a column map like another; no reader is."""
    several = {layout.source for layout in LAYOUTS.values()} | {*SEVERAL, "consents", "participants", "canonical"}
    assert {"consents", "participants", "entries"} == set(registers.OTHERS) == set(registers.ANYTHING)
    one = {name for name in SPECIMENS if not hasattr(SPECIMENS[name], "OTHERS")}
    declared = {name: contracts.sources[name].person for name in contracts.sources}
    assert {name for name, person in declared.items() if person == "file"} == one
    assert {name for name, person in declared.items() if person == "row"} - several == {"covidaffect"}
    assert several - set(declared) == set(REGISTER_SOURCES)
    sources = [contracts.source(name) for name in several | one]
    assert {source.format for source in sources if source is not None} == set(formats())
