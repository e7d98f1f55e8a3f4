"""Homes of earlier formats go on working: each change of a stored format leaves a small one in `tests/homes`.

`format_3.tar.xz` was made by the last program that held whole files. Ana, Bea, Cai and Dee consent; three days of the
first three are in it, and W19 is drawn. Two files are held: one with a row of Cai's that is off the scale beside a good
one of Bea's, and one that is Cai's own. Ana has withdrawn since.
"""

import lzma
import os
import shutil
import signal
import sys
import tarfile
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from analytics.cells import TableKey
from analytics.contracts import read_contracts, shipped_contracts
from analytics.contracts.source import Scale
from analytics.home import Home, read_config
from analytics.periods import Period
from analytics.publish_home import publish_home, verify_facts
from analytics.release.budget import solved
from analytics.release.draw import draw
from analytics.store.ledger import open_ledger
from analytics.trends.publication.publish import publish_ledger
from analytics.trends.publication.service_facts import read_facts
from analytics.trends.publication.verify import verify_home
from analytics.vault import open_database
from analytics.vault.erasure import completion
from analytics.vault.files.inbox import held
from analytics.vault.files.ingest_file import ingest_incoming
from analytics.vault.open_database import FORMAT, open_vault
from analytics.vault.residue.report import residue_report
from analytics.vault.shares import exact_cells
from pipelines.due_periods import Due, split_released
from tests.crash.watching import run
from tests.support.office import Office
from tests.support.pattern_oracle import EARLIER
from tests.support.people import ANA, CAI, NOW, entry, query, withdrawn

if TYPE_CHECKING:
    from collections.abc import Callable

HOMES = Path(__file__).parents[1] / "homes"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return an old home."""
    with tarfile.open(HOMES / "format_3.tar.xz") as packed:
        packed.extractall(tmp_path / "home", filter="data")
    home = Home(tmp_path / "home")
    outside = tmp_path / "outside"
    outside.mkdir()
    return Office(home, read_contracts(home.contracts, read_config(home).plan), outside)


def format_of(home: Home) -> int:
    """Return what the vault's file says of itself."""
    with closing(duckdb.connect(str(home.vault), read_only=True)) as connection:
        return int(connection.execute("SELECT format FROM vault").fetchall()[0][0])


def test_there_is_a_home_of_each_earlier_format() -> None:
    """The first is of format 3: earlier ones are refused."""
    assert {path.name for path in HOMES.iterdir()} == {f"format_{number}.tar.xz" for number in range(3, FORMAT)}


def test_no_place_of_a_machine_is_in_an_old_home() -> None:
    """Not of the one that made it."""
    places = (b"/tmp/", b"/home/", b"/root/", b"/work", b"/Users/", b"/var/")
    for path in HOMES.iterdir():
        assert not any(place in lzma.decompress(path.read_bytes()) for place in places)


def test_an_old_home_is_brought_to_today_s_format_and_its_held_files_go(office: Office) -> None:
    """The next command counts them in its answer; the one after it has nothing to say. Rows stay as they were."""
    assert (format_of(office.home), len(list(office.home.held.iterdir()))) == (3, 2)
    for removed in (2, 0):
        with completion.existing_vault(office.home, office.contracts, NOW) as vault:
            assert vault.old_held_files == removed
            assert query(vault, "SELECT count(*), max(batch_no) FROM entry") == [(7, 4)]
            assert query(vault, "SELECT count(*) FROM refused_row") == [(0,)]
    assert not office.home.held.exists()
    assert format_of(office.home) == FORMAT
    assert sorted(path.name for path in office.home.root.iterdir()) == [
        *("contracts", "home.json", "inbox", "ledger", "lock", "prefect", "published", "secret", "vault")
    ]


def test_an_old_home_takes_in_holds_retries_and_erases(office: Office) -> None:
    """A new refused record is admitted under a corrected scale; a withdrawal leaves nothing of its person."""
    assert office.lines("canonical", entry(CAI, "2026-05-08T09:00", mood="9")).held == 1
    ten = Scale(lo=Decimal(1), hi=Decimal(10), better="higher")
    source = office.contracts.sources["canonical"].model_copy(update={"scale": ten})
    wider = replace(office.contracts, sources={**office.contracts.sources, "canonical": source})
    with completion.existing_vault(office.home, wider, NOW) as vault:
        key = office.home.key.read_bytes()
        reports = [ingest_incoming(batch, office.home, vault, wider, key, NOW) for batch in held(vault, wider)]
        assert [report.accepted for report in reports] == [1]
    assert office.rows_of("entry") == 8
    office.lines("consents", withdrawn(CAI))
    assert office.rows_of("entry") == 4
    assert residue_report(office.home, office.contracts, [ANA, CAI], [], frozenset())["found"] == []


def test_who_left_an_old_home_is_nowhere_in_it(office: Office) -> None:
    """The residue search finds the old held file of Cai before, and nothing of Ana after, with every byte searched."""
    assert residue_report(office.home, office.contracts, [CAI], [], frozenset())["found"] != []
    with completion.existing_vault(office.home, office.contracts, NOW):
        pass
    report = residue_report(office.home, office.contracts, [ANA], [], frozenset())
    assert (report["found"], report["unread"], report["on_suppression_list"]) == ([], [], 1)
    assert office.places_of(ANA) == []


def test_an_old_home_releases_nothing_twice(office: Office) -> None:
    """Its ledger is kept: the drawn period is known, the next one is drawn, and both are published.

    Its plan was frozen for fewer releases a person than 366 days of logging can touch, so it is frozen again first.
    """
    home, plan = office.home, office.contracts.plan
    again = plan.model_copy(update={"frozen": solved(plan, office.contracts.grid)})
    contracts = replace(office.contracts, plan=again)
    asked = [Due("weekly_mood", Period.parse(name)) for name in ("2026-W19", "2026-W20")]
    with open_ledger(home.ledger, home.head) as ledger, completion.existing_vault(home, contracts, NOW) as vault:
        (due,), (released,) = split_released(asked, ledger)
        assert (due.period.name, released.period.name) == ("2026-W20", "2026-W19")
        product = contracts.plan.products["weekly_mood"]
        count = partial(exact_cells, vault, contracts.plan, contracts.grid, product, due.period, None)
        draw(ledger, contracts.plan, contracts.grid, due.product, due.period, count, NOW)
        assert split_released(asked, ledger)[0] == []
    with open_ledger(home.ledger, home.head) as ledger:
        publish_ledger(ledger, home.published, contracts.published)
    assert [check.name for check in verify_home(home.ledger, home.head, home.published) if not check.ok] == []


def test_an_old_home_says_who_runs_it_and_what_to_expect(office: Office) -> None:
    """Its contracts have neither notes nor a map; its publish writes `service.json`, and changes no release."""
    home, config = office.home, read_config(office.home)
    with completion.existing_vault(home, office.contracts, NOW):
        pass
    with open_ledger(home.ledger, home.head) as ledger:
        publish_ledger(ledger, home.published, office.contracts.published)
        before = {path: path.read_bytes() for path in home.published.rglob("*") if path.is_file()}
        publish_home(home, config, ledger, office.contracts.published)
    assert {path: path.read_bytes() for path in before} == before
    facts = read_facts(home.published)
    assert [one.period for one in facts.released] == ["2026-W19"]
    assert [one.next[0].period for one in facts.calendar] == ["2026-W20", "2026-P02"]
    assert (facts.publisher, facts.notes, facts.maps) == (None, (), {})
    checks = [*verify_home(home.ledger, home.head, home.published), *verify_facts(home, config)]
    assert [check.name for check in checks if not check.ok] == []


def test_an_old_home_draws_its_own_patterns_of_which_the_shipped_plans_have_others(office: Office) -> None:
    """Its plan names measures that were replaced since; they mean what they meant, and their cells are whole."""
    home, contracts = office.home, office.contracts
    shipped = read_contracts(shipped_contracts(), "standard").plan.measures
    product = contracts.plan.products["monthly_patterns"]
    period = Period.parse("2026-P05")
    assert product.tables.keys() - shipped.keys() == EARLIER.keys()
    with completion.existing_vault(home, contracts, NOW) as vault:
        cells = exact_cells(vault, contracts.plan, contracts.grid, product, period)
    for name in EARLIER:
        vector = cells.reveal(TableKey(name, ()))
        assert len(vector) == len(contracts.plan.measures[name].categories)


KILLS: dict[str, tuple[object, str]] = {
    "the vault is migrated": (open_database, "_migrate"),
    "held files go": (completion, "remove_folder_durably"),
    "the vault is written again": (completion, "rebuild"),
}


def _open_and_die(office: Office, point: str, *, after: bool) -> int:
    owner, name = KILLS[point]
    whole: Callable[..., object] = getattr(owner, name)

    def ends(*args: object) -> object:
        result = whole(*args) if after else None
        os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, ends)
    completion.complete_erasures(office.home, office.contracts, NOW)
    return 0


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("point", KILLS)
def test_killed_anywhere_the_next_command_ends_the_migration(office: Office, point: str, *, after: bool) -> None:
    """A real SIGKILL before and after each step; the next command leaves what an undisturbed one leaves."""
    ran = run(partial(_open_and_die, after=after), office, point)
    sys.stdout.write(ran.out)
    assert ran.killed
    completion.complete_erasures(office.home, office.contracts, NOW)
    assert format_of(office.home) == FORMAT
    assert not office.home.held.exists()
    with open_vault(office.home.vault, office.home.suppression_list) as vault:
        assert not vault.state().rebuild_due
        assert query(vault, "SELECT count(*) FROM entry") == [(7,)]


def test_held_files_that_a_backup_brings_back_go(office: Office) -> None:
    """With the old vault or beside the new one: a copy of the folder brings nobody's lines back."""
    old = office.folder / "home"
    shutil.copytree(office.home.root, old)
    for part in ("held", "vault"):
        completion.complete_erasures(office.home, office.contracts, NOW)
        shutil.rmtree(office.home.root / part, ignore_errors=True)
        shutil.copytree(old / part, office.home.root / part)
        completion.complete_erasures(office.home, office.contracts, NOW)
        assert not office.home.held.exists()
        assert format_of(office.home) == FORMAT
    shutil.rmtree(old)
