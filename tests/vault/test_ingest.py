"""Intake: every row accounted for once, kept once, and no more of it than the contract says."""

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from analytics.contracts import Contracts
from analytics.errors import FileRefusedError
from analytics.periods import Period
from analytics.vault.database import Vault
from tests.support.people import (
    ANA,
    BEA,
    CAI,
    CANARY,
    CONSENT_HEADER,
    ENTRY_HEADER,
    NOTE,
    OFF_GRID,
    PARTICIPANT_HEADER,
    WEEK,
    Desk,
    balances,
    entry,
    granted,
    pseudonym,
    query,
    registered,
    row_counts,
    rows_by_pseudonym,
    vault_at,
    withdrawn,
    write,
)


def test_every_row_is_accounted_for_once(desk: Desk) -> None:
    """What was read is what was accepted, repeated, quarantined or without consent."""
    desk.consents(granted(ANA), granted(BEA, covers="2026-05-05"))
    report = desk.entries(
        entry(ANA, note=NOTE),  # repeated below: the last row of a key counts
        entry(ANA, mood="2"),
        entry(ANA, "2026-05-05T09:00"),
        entry(BEA),  # before her consent covers it
        entry(CAI),  # never consented
        entry(ANA, mood="9"),  # off the scale
        entry(ANA, "2026-02-30"),  # an impossible date
        f"{ANA},x",  # ragged
        "",  # a blank line is no row
    )
    assert (report.read, report.accepted, report.duplicates, report.without_consent) == (8, 2, 1, 2)
    assert dict(report.quarantined) == {"off_scale": 1, "not_a_time": 1, "ragged": 1}
    assert report.free_text_dropped == 1
    assert balances(report)


def test_the_last_row_of_a_key_counts(desk: Desk) -> None:
    """Within a file the last row of a person and instant is kept, the others are duplicates."""
    desk.consents(granted(ANA))
    report = desk.entries(
        entry(ANA, "2026-05-04T09:00", "5"),
        entry(ANA, "2026-05-04T11:00+02:00", "1"),  # the same instant, written otherwise
    )
    assert (report.accepted, report.duplicates) == (1, 1)
    assert desk.everyone() == {0: 1_000_000}


def test_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    """A file that is sent again is all duplicates, whatever it holds."""
    rows = (entry(ANA), entry(ANA, "2026-05-05", "3", factors="work", sleep="7.5"), entry(ANA, mood="9"), entry(BEA))
    people = (registered(ANA), registered(BEA, region=OFF_GRID), registered(CAI, region=""), registered(ANA, "never"))
    # Bea's grant lies ahead of the clock: nothing of hers is kept, in the register neither.
    events = (granted(ANA), withdrawn(CAI), granted(CAI, "2026-05-29"), granted(BEA, "2030-01-01"))
    desk.consents(*events)
    desk.participants(*people)
    desk.entries(*rows)
    kept = rows_by_pseudonym(desk.vault)
    again = (desk.consents(*events), desk.participants(*people), desk.entries(*rows))
    assert [(report.accepted, report.duplicates) for report in again] == [(0, 3), (0, 2), (0, 2)]
    assert all(balances(report) for report in again)
    assert rows_by_pseudonym(desk.vault) == kept


def test_half_a_file_then_the_whole(desk: Desk) -> None:
    """A whole file after its first half adds the second half and repeats the first."""
    desk.consents(granted(ANA))
    rows = [entry(ANA, f"2026-05-{day:02}") for day in range(1, 11)]
    assert desk.entries(*rows[:5], rows[5][:18]).accepted == 5  # cut in the middle of its sixth row
    report = desk.entries(*rows)
    assert (report.accepted, report.duplicates) == (5, 5)
    assert row_counts(desk.vault)["entry"] == 10


def test_a_correction_replaces(desk: Desk) -> None:
    """The same key with other content replaces the stored row and counts as accepted."""
    desk.consents(granted(ANA))
    desk.entries(entry(ANA, mood="1"), entry(ANA, "2026-05-04", "1"))
    report = desk.entries(entry(ANA, mood="5"), entry(ANA, "2026-05-04", "5"))
    assert (report.accepted, report.duplicates) == (2, 0)
    assert row_counts(desk.vault)["entry"] == 2
    assert desk.everyone() == {4: 1_000_000}


@pytest.mark.parametrize("change", [{"factors": "work"}, {"sleep": "8"}])
def test_any_other_content_is_a_correction(desk: Desk, change: dict[str, str]) -> None:
    """A change of factors or sleep is a correction too; another note is none, for notes are not kept."""
    desk.consents(granted(ANA))
    desk.entries(entry(ANA))
    assert desk.entries(entry(ANA, **change)).accepted == 1
    assert desk.entries(entry(ANA, **change, note=NOTE)).accepted == 0


def test_a_source_s_own_id_is_the_key(desk: Desk, contracts: Contracts) -> None:
    """Where a source gives its entries ids, an id is the key within its person, whatever the instant."""
    canonical = contracts.sources["canonical"]
    columns = canonical.columns.model_copy(update={"source_id": "own"})
    sources = {"canonical": canonical.model_copy(update={"columns": columns})}
    with_ids = Desk(desk.vault, Contracts(**{**vars(contracts), "sources": sources}), desk.folder)
    with_ids.consents(granted(ANA), granted(BEA))
    header = "person_id,logged_at,mood,own"
    rows = [
        f"{ANA},2026-05-04T09:00,1,e1",
        f"{ANA},2026-05-04T09:00,2,e2",  # the same instant, another entry
        f"{ANA},2026-05-05T09:00,3,e1",  # e1 once more
        f"{BEA},2026-05-04T09:00,4,e1",  # another person's e1
        f"{BEA},2026-05-04T09:00,4,",  # without an id: by its instant
    ]
    report = with_ids.take_entries(write(desk.folder / "own.csv", header, rows))
    assert (report.accepted, report.duplicates) == (4, 1)
    assert query(desk.vault, "SELECT count(*) FROM entry WHERE mood_native = '1'") == [(0,)]


def cohorts(desk: Desk, period: Period = WEEK) -> dict[str, int]:
    """Return the table by region: key to micro-persons over all bands."""
    found: dict[str, int] = {}
    for (table, cohort, _), sum_ in desk.cells(period).items():
        if table == ("region",):
            found[cohort[0]] = found.get(cohort[0], 0) + sum_
    return found


def test_an_unregistered_person_counts_as_unknown(desk: Desk) -> None:
    """Entries of a person who is not in the register are kept, and every dimension is unknown."""
    desk.consents(granted(ANA))
    assert desk.entries(entry(ANA)).accepted == 1
    assert {cohort for table, cohort, _ in desk.cells() if table} == {("unknown",), ("unknown", "unknown")}


def test_a_cohort_off_the_grid_is_unknown_and_counted(desk: Desk) -> None:
    """A value that is no key makes that dimension unknown, is counted, and refuses nothing."""
    desk.consents(granted(ANA), granted(BEA))
    report = desk.participants(registered(ANA, region=OFF_GRID, service=OFF_GRID), registered(BEA, region=""))
    assert (report.accepted, report.off_grid, dict(report.quarantined)) == (2, 2, {})
    desk.entries(entry(ANA))
    found = {table: cohort for table, cohort, _ in desk.cells()}
    assert found["region",] == found["service",] == ("unknown",)
    assert found["age_band",] == ("25-34",)
    assert found["region", "age_band"] == ("unknown", "25-34")


def test_the_latest_register_row_of_a_period_counts(desk: Desk) -> None:
    """A period's cohort is that of the latest row that has begun by its last day, whatever the order of receipt."""
    desk.consents(granted(ANA))
    desk.entries(entry(ANA), entry(ANA, "2026-05-12"))
    desk.participants(registered(ANA, "2026-05-10", "south"))  # begins on the week's last day
    desk.participants(registered(ANA, "2026-01-01", "north"), registered(ANA, "2026-05-11", "west"))
    assert cohorts(desk) == {"south": 1_000_000}
    assert cohorts(desk, WEEK.next) == {"west": 1_000_000}


def test_a_register_correction_replaces(desk: Desk) -> None:
    """A row of the same person and day replaces the stored one and counts as accepted; the last in a file counts."""
    desk.consents(granted(ANA))
    desk.entries(entry(ANA))
    desk.participants(registered(ANA, region="north"))
    report = desk.participants(registered(ANA, region="east"), registered(ANA, region="west"))
    assert (report.accepted, report.duplicates) == (1, 1)
    assert cohorts(desk) == {"west": 1_000_000}


def test_files_of_no_good_row_are_taken_in(desk: Desk) -> None:
    """A header alone, or bad rows only, are no fault of the file."""
    for take in (desk.consents, desk.participants, desk.entries):
        assert (take().read, take("x").quarantined) == (0, {"ragged": 1})


REFUSED = [
    b"",  # empty
    b"person_id;event;recorded_at;covers_from;scope;logged_at;mood\n",  # another delimiter
    b"person_id,note\n" + NOTE.encode() + b",x\n",  # columns missing
    b"\xff\xfeperson_id\n",  # not UTF-8
    f"{ENTRY_HEADER},mood\n{entry(ANA)},3\n".encode(),  # a column twice
]


@pytest.mark.parametrize("content", REFUSED)
@pytest.mark.parametrize("kind", ["take_entries", "take_consents", "take_participants"])
def test_a_refused_file_leaves_nothing(desk: Desk, content: bytes, kind: str) -> None:
    """A file that is refused stays where it was, and no table of the vault has a row more."""
    desk.consents(granted(ANA))
    desk.entries(entry(ANA))
    before = row_counts(desk.vault)
    path = desk.folder / "refused.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefusedError) as refused:
        getattr(desk, kind)(path)
    assert refused.value.exit_code == 3
    assert row_counts(desk.vault) == before
    assert path.read_bytes() == content
    assert desk.entries(entry(ANA)).duplicates == 1  # the vault goes on


def test_a_failure_half_way_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a step fails after rows were written, the whole file is undone and can be sent again."""
    desk.consents(granted(ANA))
    before = row_counts(desk.vault)
    run = Vault.run

    def failing(vault: Vault, name: str, parameters: Mapping[str, Any] | None = None) -> None:
        if name == "batch_add":
            raise KeyboardInterrupt
        run(vault, name, parameters)

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "run", failing)
        with pytest.raises(KeyboardInterrupt):
            desk.entries(entry(ANA), entry(ANA, mood="9"))
    assert row_counts(desk.vault) == before
    assert desk.entries(entry(ANA)).accepted == 1


def test_no_text_of_a_person_is_in_the_vault_s_file(contracts: Contracts, tmp_path: Path) -> None:
    """Notes, ids and values off the grid are nowhere in the vault's bytes, nor beside it."""
    home = tmp_path / "vault"
    home.mkdir()
    with vault_at(home / "vault.duckdb") as vault:
        desk = Desk(vault, contracts, tmp_path)
        desk.consents(granted(ANA), withdrawn(BEA))
        desk.participants(registered(ANA, region=OFF_GRID), registered(BEA, region=OFF_GRID, domain="app"))
        desk.entries(entry(ANA, note=NOTE), entry(BEA, note=NOTE), entry(BEA, mood=f"{CANARY}7"), f"{CANARY},x")
        assert desk.everyone() == {3: 1_000_000}
        assert query(vault, "SELECT pseudonym FROM person ORDER BY 1")
    for path in home.rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes()


def test_ids_that_collide_when_trimmed_and_composed_are_one_person(desk: Desk) -> None:
    """Outer white space and Unicode spelling do not make two people of one."""
    name = f"{CANARY}-Zo\u00eb"
    split = unicodedata.normalize("NFD", name)
    assert name != split
    desk.consents(granted(name))
    desk.participants(registered(f'"  {split} "'))
    report = desk.entries(entry(f"  {split}  ", "2026-05-04", "1"), entry(name, "2026-05-05", "5"))
    assert report.accepted == 2
    assert desk.everyone() == {0: 500_000, 4: 500_000}
    assert row_counts(desk.vault)["person"] == 1


def test_an_id_of_another_domain_is_another_person(desk: Desk) -> None:
    """The same id in two domains is two people; an empty domain is `default`."""
    desk.consents(granted(ANA, domain="app"), granted(BEA, domain="default"), granted(BEA))
    assert row_counts(desk.vault)["person"] == 2
    report = desk.entries(entry(ANA), entry(BEA))
    assert (report.accepted, report.without_consent) == (1, 1)
    assert {row[0] for row in query(desk.vault, "SELECT pseudonym FROM person")} == {
        pseudonym(ANA, "app"),
        pseudonym(BEA),
    }


def test_headers_are_the_fixed_ones(contracts: Contracts) -> None:
    """The columns of the canonical file, the register and the consents are those that the contracts name."""
    columns = contracts.sources["canonical"].columns
    named = (columns.person, columns.time, columns.mood, columns.factors, columns.sleep_hours, *columns.free_text)
    assert ",".join(str(name) for name in named) == ENTRY_HEADER
    assert set(PARTICIPANT_HEADER.split(",")) == set(contracts.participant.columns)
    assert set(CONSENT_HEADER.split(",")) == set(contracts.consent_event.columns)
