"""Files without a record that can be read: taken in, counted, and never a failure, in every format and time form."""

import json
from dataclasses import replace
from itertools import product
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.contracts import REGISTER_SOURCES, Contracts, Source
from analytics.contracts.source import SourceColumns
from analytics.vault.readers import formats
from tests import specimens
from tests.specimens import daylio_backup, fhir, health_auto_export
from tests.support.people import ANA, CONSENT_HEADER, PARTICIPANT_HEADER, Desk, balances
from tests.support.reading import bad_of, parts_in


def _lines_of(module: ModuleType) -> tuple[bytes, bytes]:
    """Return a table's header alone, and with a record of another number of fields."""
    header = module.GOOD.splitlines()[0] + b"\n"
    return header, header + b"CANARY\n"


SPECIMENS = specimens.modules()
DOCUMENTS = {
    "daylio_backup": (daylio_backup.zipped(daylio_backup.backup()), daylio_backup.zipped(daylio_backup.backup("x", 7))),
    "fhir": (json.dumps(fhir.bundle()).encode(), fhir.file([b"{", b"7", b'{"resourceType": "Observation", "id": []}'])),
    "health_auto_export": (health_auto_export.document(), health_auto_export.document("x", 7)),
}
FILES = {name: DOCUMENTS.get(name) or _lines_of(module) for name, module in SPECIMENS.items()}
REGISTER = {"consents": CONSENT_HEADER, "withdrawals": "person_id,recorded_at", "participants": PARTICIPANT_HEADER}


def test_every_format_is_here(contracts: Contracts) -> None:
    """A format that is added has its empty files tried, too."""
    tried = {contracts.sources[name].format for name in FILES} | set(REGISTER)
    assert (tried, set(REGISTER)) == (set(formats()), set(REGISTER_SOURCES))


def taken(desk: Desk, source: str, name: str, content: bytes) -> tuple[int, int, int]:
    """Take a file in; return how many rows were read, refused and accepted."""
    path = desk.folder / name
    path.write_bytes(content)
    declared = desk.contracts.source(source)
    assert declared is not None
    report = desk.take(source, path, ANA if declared.person == "file" else None)
    assert balances(report)
    return report.read, report.quarantined.total(), report.accepted


@pytest.mark.parametrize("source", FILES)
def test_a_file_of_no_record_is_taken_in(desk: Desk, source: str) -> None:
    """A container that is whole and holds nothing is a file of nothing."""
    assert taken(desk, source, SPECIMENS[source].FILE_NAME, FILES[source][0]) == (0, 0, 0)


@pytest.mark.parametrize("source", FILES)
def test_a_file_of_bad_records_alone_is_taken_in(desk: Desk, source: str) -> None:
    """Each record is refused by itself, and nothing else happens."""
    read, refused, accepted = taken(desk, source, SPECIMENS[source].FILE_NAME, FILES[source][1])
    assert (read, accepted) == (refused, 0)
    assert refused > 0


@pytest.mark.parametrize("source", REGISTER)
@pytest.mark.parametrize("bad", ["", ",,,,,,,,,CANARY\n"])
def test_a_register_s_file_without_a_good_line_is_taken_in(desk: Desk, source: str, bad: str) -> None:
    assert taken(desk, source, f"{source}.csv", f"{REGISTER[source]}\n{bad}".encode()) == (bool(bad), bool(bad), 0)


@pytest.fixture
def generic(contracts: Contracts) -> Source:
    """Return the declaration of any table."""
    return contracts.sources["generic"]


FORMS = ("iso", "epoch_s", "epoch_ms", "%d.%m.%Y", "%d.%m.%Y %H:%M")
"""Every kind of time_form; the last as one text, or as a date and a clock time in two columns."""


CONTAINERS: dict[str, tuple[str, bytes, int]] = {
    "csv of no record": ("a.csv", b"p,t,c,m\n", 0),
    "csv of bad records": ("a.csv", b"p,t,c,m\nCANARY\n", 1),
    "ndjson of no record": ("a.ndjson", b"", 0),
    "ndjson of blank lines": ("a.jsonl", b"\n\n", 0),
    "ndjson of bad records": ("a.ndjson", b'{"p": "CANARY", "t": 1793606400000, "c": "9:00", "m": [4]}\n[]\n{', 3),
    "list of no record": ("a.json", b"[]", 0),
    "object of no record": ("a.json", b'{"entries": []}', 0),
    "list of bad records": ("a.json", json.dumps([7, {"m": [4]}, None]).encode(), 3),
}


@pytest.mark.parametrize(("container", "form"), [*product(CONTAINERS, FORMS)])
def test_no_time_form_needs_a_record(generic: Source, tmp_path: Path, container: str, form: str) -> None:
    """However times are written, in one column or two, one person's or several people's: each record is judged."""
    name, content, records = CONTAINERS[container]
    (tmp_path / name).write_bytes(content)
    for person, apart in product((None, "p"), (False, True)):
        if apart and form.startswith("epoch"):
            continue  # an instant has no time of day beside it: the file is refused for its declaration
        columns = SourceColumns(person=person, time="t", mood="m", time_of_day="c" if apart else None)
        change = {"time_form": form, "person": "file" if person is None else "row", "columns": columns}
        parts = parts_in(tmp_path / name, generic.model_copy(update=change))
        assert (sum(part.rows.height for part in parts), len(bad_of(parts))) == (0, records)


@pytest.mark.parametrize("form", FORMS)
def test_a_parquet_file_of_no_row_is_read(generic: Source, tmp_path: Path, form: str) -> None:
    columns = SourceColumns(person="p", time="t", mood="m")
    source = generic.model_copy(update={"time_form": form, "columns": columns})
    pq.write_table(pa.table({name: pa.array([], pa.string()) for name in "ptm"}), tmp_path / "a.parquet")
    assert sum(part.rows.height for part in parts_in(tmp_path / "a.parquet", source)) == 0


@pytest.mark.parametrize("container", ["ndjson of no record", "list of bad records"])
def test_a_file_without_a_good_record_is_taken_in_under_epochs(desk: Desk, generic: Source, container: str) -> None:
    """Through the whole intake, too."""
    source = generic.model_copy(update={"time_form": "epoch_ms", "name": "app"})
    name, content, records = CONTAINERS[container]
    under = desk.under(replace(desk.contracts, sources={"app": source}))
    assert taken(under, "app", name, content) == (records, records, 0)
