"""Which texts can be the id of a person: what a spreadsheet damaged makes several people one, so it is refused."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from analytics.contracts import Contracts, read_contracts, shipped_contracts
from analytics.contracts.patterns import fault_of_pattern
from analytics.errors import ContractRefusedError, FileRefusedError
from analytics.home import Home
from analytics.vault.files.inbox import IncomingFile
from analytics.vault.files.ingest_file import ingest_incoming
from analytics.vault.loading.factor_bits import FactorBits
from analytics.vault.loading.file import FileReport
from analytics.vault.validation.ids import id_rule_broken, is_damaged
from analytics.vault.validation.others import check_associations, check_deletions, check_totals
from tests.support.people import ANA, KEY, NOW, Desk, entry, granted, query, registered, withdrawn

ROUNDED = (
    "2.02611E+14",  # Excel, LibreOffice, Google Sheets
    "2,02611E+14",  # the same where a comma parts the decimals
    "2.02611e+14",  # R and Python
    "2.02611E14",  # Java
    "1E+15",  # no decimals left
    "1e+05",  # R writes 100000 like this
    "-1.5E+10",
    "3.00E-01",  # the room `3E-01`, typed into a cell
    "202.611E+12",  # steps of a thousand
    " 2.02611E+14 ",
)
FAILED = (
    *("#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"),
    *("#NV", "#BEZUG!", "#WERT!", "#ZAHL!", "#ÜBERLAUF!"),  # German
    *("#N/D", "#¡REF!", "#¿NOMBRE?", "#¡DIV/0!"),  # Spanish
    *("#VALEUR!", "#NOM?", "#RIF!", "#VERW!", "#DEEL/0!", "#I/T", "#YOK", "#SAYI/0!"),
    *("#Н/Д", "#ССЫЛКА!", "#ДЕЛ/0!"),  # noqa: RUF001 -- Russian
    *("#ERROR!", "Err:502", "########"),
)
HONEST = (
    *("12E4", "1E5", "3E-01", "E+14", "2.02611", "1.2.3E+4", "202611050000041", "0042", "a1.5E+10", "1.5E+10b"),
    *("#12", "#anna", "#anna!", "#", "#A", "Err:", "N/A1", "p#REF!", "#42!", "ada+1@example.org", "1,5"),
)


@pytest.mark.parametrize("text", [*ROUNDED, *FAILED])
def test_what_a_spreadsheet_left_of_an_id_is_damaged(text: str) -> None:
    """Rounded numbers in every program's form, and words for failed formulas in many languages."""
    assert pl.select(is_damaged(pl.lit(text))).item()


@pytest.mark.parametrize("text", HONEST)
def test_an_id_that_only_looks_a_little_like_it_is_taken(text: str) -> None:
    """What no spreadsheet writes for a rounded whole number or an error may be somebody's id."""
    assert not pl.select(is_damaged(pl.lit(text))).item()


TAKES: dict[str, Callable[[Desk, str], FileReport]] = {
    "entries": lambda desk, id_: desk.entries(entry(id_, "2026-05-05T10:00")),
    "grants": lambda desk, id_: desk.consents(granted(id_)),
    "withdrawals in consents": lambda desk, id_: desk.consents(withdrawn(id_)),
    "register": lambda desk, id_: desk.participants(registered(id_)),
    "withdrawals": lambda desk, id_: desk.take("withdrawals", listed(desk.folder, id_)),
}


def listed(folder: Path, id_: str) -> Path:
    """Write a list of withdrawals."""
    path = folder / "withdrawals.csv"
    path.write_text(f"person_id\n{id_}\n", "utf-8")
    return path


@pytest.mark.parametrize("kind", TAKES)
@pytest.mark.parametrize("text", ["2.02611E+14", "#NAME?"])
def test_a_damaged_id_names_nobody(desk: Desk, kind: str, text: str) -> None:
    """In every kind of file the row is refused, and nobody of that id comes to be: not even on the list of who left."""
    report = TAKES[kind](desk, text)
    assert (dict(report.quarantined), report.accepted) == ({"damaged_id": 1}, 0)
    assert query(desk.vault, "SELECT count(*) FROM person") == [(0,)]
    assert desk.vault.suppression_list.sequence == 0


def test_a_damaged_row_leaves_the_others_as_they_are(desk: Desk) -> None:
    """Rows are judged one by one."""
    desk.consents(granted(ANA), granted("2.02611E+14"))
    report = desk.entries(entry(ANA, "2026-05-05T10:00"), entry("2.02611E+14", "2026-05-05T10:00"))
    assert (report.accepted, dict(report.quarantined)) == (1, {"damaged_id": 1})


def patterned(contracts: Contracts, pattern: str) -> Contracts:
    """Return contracts under which ids of entries match a pattern by their source, others by their contract."""
    source = contracts.sources["canonical"].model_copy(update={"id_pattern": pattern})
    return replace(
        contracts,
        sources={**contracts.sources, "canonical": source},
        participant=contracts.participant.with_id_pattern(pattern),
        consent_event=contracts.consent_event.with_id_pattern(pattern),
    )


@pytest.mark.parametrize("kind", ["entries", "grants", "register"])
@pytest.mark.parametrize(
    ("id_", "rule"),
    [
        ("CANARY-0042", None),
        (" CANARY-0042 ", None),  # outer white space is no part of an id
        ("CANARY-42", "id_pattern"),
        ("CANARY-00421", "id_pattern"),  # the whole id must match
        ("xCANARY-0042", "id_pattern"),
        ("other", None),  # each side of the bar is of the whole id, too
        ("others", "id_pattern"),
    ],
)
def test_an_id_matches_the_declared_pattern_or_is_refused(desk: Desk, kind: str, id_: str, rule: str | None) -> None:
    """The pattern of a source is for its own files, that of a contract for all files of the kind."""
    report = TAKES[kind](desk.under(patterned(desk.contracts, "CANARY-[0-9]{4}|other")), id_)
    assert dict(report.quarantined) == ({} if rule is None else {rule: 1})


@pytest.mark.parametrize("kind", ["withdrawals in consents", "withdrawals"])
def test_whoever_was_stored_before_a_pattern_can_leave(desk: Desk, kind: str) -> None:
    """A pattern that came later stops no withdrawal."""
    desk.consents(granted(ANA))
    report = TAKES[kind](desk.under(patterned(desk.contracts, "[0-9]{15}")), ANA)
    assert (report.accepted, dict(report.quarantined)) == (1, {})
    assert query(desk.vault, "SELECT count(*) FROM person") == [(0,)]


@pytest.mark.parametrize(
    "pattern",
    ["(", "a)|(b", "(?x) a # all that follows", "(?=a)a", r"(a)\1", "((a{1000}){1000}){1000}", "", "a" * 201, 7],
)
def test_a_pattern_that_cannot_be_used_is_refused(pattern: object) -> None:
    """Broken, beyond what takes linear time, too large, or able to undo its anchors: refused when it is read."""
    assert fault_of_pattern(pattern) is not None


def test_a_pattern_takes_no_longer_for_an_id_that_nearly_matches(contracts: Contracts) -> None:
    """What lets other engines try every way to split an id is matched in one pass."""
    column = contracts.mood_entry.with_id_pattern("(a+)+")["person_id"]
    assert id_rule_broken("a" * 199 + "!", column) == "id_pattern"  # two to the power of 199 ways elsewhere


@pytest.mark.parametrize(
    ("file", "old", "new", "where"),
    [
        ("consent_event.odcs.yaml", "{maxLength: 200}", "{maxLength: 200, pattern: '('}", "pattern"),
        ("participant.odcs.yaml", "{maxLength: 40}", "{maxLength: 40, pattern: 'a'}", "only person_id"),
    ],
)
def test_a_contract_with_a_wrong_pattern_is_refused(tmp_path: Path, file: str, old: str, new: str, where: str) -> None:
    """The file and the place are named; a column that is held to no pattern may not declare one."""
    for path in shipped_contracts().rglob("*.yaml"):
        copy = tmp_path / path.relative_to(shipped_contracts())
        copy.parent.mkdir(exist_ok=True)
        text = path.read_text("utf-8")
        copy.write_text(text.replace(old, new, 1) if copy == tmp_path / file else text, "utf-8")
    with pytest.raises(ContractRefusedError, match=where):
        read_contracts(tmp_path, "standard")


def test_a_source_with_a_wrong_pattern_is_broken_by_itself(tmp_path: Path) -> None:
    """Its place is named; the other sources are read."""
    folder = tmp_path / "contracts"
    shutil.copytree(shipped_contracts(), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = folder / "sources" / "canonical.yaml"
    path.write_text(
        path.read_text("utf-8").replace("id_domain: default", 'id_domain: default\nid_pattern: "("'), "utf-8"
    )
    contracts = read_contracts(folder, "standard")
    assert list(contracts.broken) == ["canonical"]
    assert "id_pattern" in contracts.broken["canonical"].message
    assert "daylio_csv" in contracts.sources


@pytest.mark.parametrize("zeros", ["42", "0042"])
def test_leading_zeros_are_part_of_an_id(desk: Desk, zeros: str) -> None:
    """Without its zeros an id is another: they are not joined by guess, and the entry is counted as without consent."""
    desk.consents(granted("0042"))
    report = desk.entries(entry(zeros, "2026-05-05T10:00"))
    assert (report.accepted, report.without_consent) == ((1, 0) if zeros == "0042" else (0, 1))


@pytest.mark.parametrize("name", ["2.02611E+14", "#REF!"])
def test_a_folder_or_map_with_a_damaged_id_refuses_its_file(desk: Desk, name: str, tmp_path: Path) -> None:
    """Whose a whole file is must be sure, too; nothing of the file is in the vault."""
    path = tmp_path / "sync.json"
    path.write_text('{"data": {"stateOfMind": []}}')
    incoming = IncomingFile(1, "health_auto_export", path, person=name)
    with pytest.raises(FileRefusedError, match="damaged by a spreadsheet"):
        ingest_incoming(incoming, Home(tmp_path / "home"), desk.vault, desk.contracts, KEY, NOW)
    assert query(desk.vault, "SELECT count(*) FROM batch") == [(0,)]


def test_a_folder_that_does_not_match_the_pattern_refuses_its_file(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "sync.json"
    path.write_text('{"data": {"stateOfMind": []}}')
    source = desk.contracts.sources["health_auto_export"].model_copy(update={"id_pattern": "[0-9]{15}"})
    contracts = replace(desk.contracts, sources={source.name: source})
    incoming = IncomingFile(1, source.name, path, person=ANA)
    with pytest.raises(FileRefusedError, match="does not match the declared pattern"):
        ingest_incoming(incoming, Home(tmp_path / "home"), desk.vault, contracts, KEY, NOW)


@pytest.mark.parametrize("kind", ["total", "deletion", "association"])
def test_totals_deletions_and_associations_need_a_whole_id(contracts: Contracts, kind: str) -> None:
    """They name a person like any other row."""
    texts = {"logged_at": "2026-05-04", "instrument": "phq9", "total": "7", "source_id": "CANARY-1", "factors": "work"}
    rows = pl.DataFrame({"line": [1, 2], "person_id": [ANA, "2.02611E+14"]}).with_columns(
        **{name: pl.lit(text) for name, text in texts.items()}
    )
    source = contracts.sources["fhir"].model_copy(update={"factors": None})
    checked = {
        "total": lambda: check_totals(rows, source, contracts.questionnaire_total, NOW),
        "deletion": lambda: check_deletions(rows, contracts.mood_entry),
        "association": lambda: check_associations(rows, source, contracts.mood_entry, FactorBits({"work": 0})),
    }[kind]()
    assert checked.good["line"].to_list() == [1]
    assert checked.bad.select("line", "rule", "column").rows() == [(2, "damaged_id", "person_id")]
