"""The brake: a withdrawal closes the past at once, and where it is of many people only the deletion waits."""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.contracts import Contracts
from analytics.vault.database import Vault
from analytics.vault.erasure import completion
from analytics.vault.erasure.rows import apply_suppression_list
from analytics.vault.erasure.suppression_list import read_suppression_list
from analytics.vault.open_database import open_vault
from tests.support.asking import Ask, _clock, _own_umask, ask, run_bytes
from tests.support.leaving import everything, uncovered
from tests.support.office import Office, filled, full, office
from tests.support.people import (
    ANA,
    BEA,
    CAI,
    DEE,
    NOW,
    Desk,
    entry,
    granted,
    pseudonym,
    query,
    registered,
    rows_by_pseudonym,
    vault_at,
    withdrawn,
)

__all__ = ["_clock", "_own_umask", "ask", "filled", "office", "run_bytes"]  # the fixtures

PEOPLE = (ANA, BEA, CAI, DEE)


def braked(contracts: Contracts, most: int) -> Contracts:
    """Return contracts under which more than `most` people are not erased at once."""
    return replace(contracts, plan=contracts.plan.model_copy(update={"most_erased_at_once": most}))


@pytest.fixture
def brake(office: Office) -> Office:
    """Return a full home whose plan lets nobody be erased without a confirmation."""
    full(office)
    plan = office.home.contracts / "release_plan.yaml"
    plan.write_text(plan.read_text().replace("most_erased_at_once: 25", "most_erased_at_once: 0"))
    return office


def cancel(desk: Desk, number: int) -> None:
    """Undo a batch as the command does."""
    desk.vault.suppression_list = desk.vault.suppression_list.with_cancellation(number, desk.now)
    apply_suppression_list(desk.vault)
    desk.delete()


def confirm(desk: Desk, number: int) -> None:
    """Delete what waits of a batch as the command does."""
    desk.vault.suppression_list = desk.vault.suppression_list.with_confirmation(number, desk.now)
    desk.delete()


def entries_of(desk: Desk, person: str) -> dict[date, int]:
    """Return the moods of a person that a release may read, in whole points."""
    rows = query(
        desk.vault, "SELECT pseudonym, local_date, mood_native FROM consented_entry JOIN person USING (person_no)"
    )
    return {day: int(mood) // 10**9 for who, day, mood in rows if who == pseudonym(person)}


def test_a_plan_that_says_nothing_lets_25_be_erased_at_once(contracts: Contracts) -> None:
    """A home's own plan of before the brake goes on working, and its fingerprint stays what it was."""
    words = contracts.plan.model_dump(mode="json", by_alias=True)
    assert "most_erased_at_once" not in words
    old = type(contracts.plan).model_validate(words)
    assert old.most_erased_at_once == 25
    assert old.fingerprint(contracts.grid) == braked(contracts, 3).plan.fingerprint(contracts.grid)


def test_a_withdrawal_of_many_closes_the_past_at_once_and_deletes_nothing(desk: Desk) -> None:
    """No view sees them; their rows are there until somebody says so."""
    desk = desk.under(braked(desk.contracts, 1))
    everything(ANA, BEA, CAI)(desk)
    desk.consents(withdrawn(ANA), withdrawn(BEA))
    assert desk.everyone() == {3: 1_000_000}  # Cai
    assert rows_by_pseudonym(desk.vault).keys() == {pseudonym(CAI)}
    assert desk.vault.rows("erasure/waiting_rows") == [(2, 8)]  # of each: entry, register, grant, withdrawal
    assert (uncovered(desk.vault), [each.sequence for each in desk.vault.suppression_list.waiting()]) == (0, [1])
    assert desk.entries(entry(ANA, "2026-05-05")).without_consent == 1
    confirm(desk, 1)
    assert desk.vault.rows("erasure/waiting_rows") == [(0, 0)]
    assert query(desk.vault, "SELECT count(*) FROM entry") == [(1,)]


def test_as_many_as_the_plan_allows_are_deleted_at_once(desk: Desk) -> None:
    """Unknown people do not count: nothing of theirs is erased."""
    desk = desk.under(braked(desk.contracts, 2))
    everything(ANA, BEA)(desk)
    desk.consents(withdrawn(ANA), withdrawn(BEA), withdrawn(CAI), withdrawn(DEE))
    assert query(desk.vault, "SELECT count(*) FROM entry") == [(0,)]
    assert desk.vault.suppression_list.waiting() == []


def test_the_past_does_not_count_again_whatever_is_granted_later(desk: Desk) -> None:
    """A grant that covers everything admits only what is sent again, while the past waits and after it is deleted."""
    desk = desk.under(braked(desk.contracts, 0))
    everything(ANA)(desk)
    desk.consents(withdrawn(ANA, "2026-05-20"))
    desk.consents(granted(ANA, "2026-05-21T01:00Z", "2020-01-01"))
    assert entries_of(desk, ANA) == {}
    desk.entries(entry(ANA, "2026-05-06", "2"))
    confirm(desk, 1)
    assert entries_of(desk, ANA) == {date(2026, 5, 6): 2}
    assert uncovered(desk.vault) == 0


def test_who_leaves_and_comes_back_in_one_file_waits_for_the_part_that_left(desk: Desk) -> None:
    """What survives has a new number; what waits can be given back."""
    desk = desk.under(braked(desk.contracts, 0))
    everything(ANA)(desk)
    desk.consents(withdrawn(ANA, "2026-05-20"), granted(ANA, "2026-05-21T01:00Z"))
    assert (entries_of(desk, ANA), desk.vault.rows("erasure/waiting_rows")[0][0]) == ({}, 1)
    cancel(desk, 1)
    assert entries_of(desk, ANA) == {date(2026, 5, 4): 4}
    assert desk.vault.rows("erasure/waiting_rows") == [(0, 0)]


def test_what_only_a_closed_grant_covered_waits_too(desk: Desk) -> None:
    """A late withdrawal from before the grant in force: the uncovered rows leave, and come back with a cancellation."""
    desk = desk.under(braked(desk.contracts, 0))
    desk.consents(granted(ANA))
    desk.entries(entry(ANA, "2026-05-04"), entry(ANA, "2026-05-09"))
    desk.consents(granted(ANA, "2026-05-25", "2026-05-08"))
    desk.consents(withdrawn(ANA, "2026-05-20"))
    assert entries_of(desk, ANA) == {date(2026, 5, 9): 4}
    assert desk.vault.rows("erasure/waiting_rows") == [(1, 1)]
    cancel(desk, 1)
    assert entries_of(desk, ANA) == {date(2026, 5, 4): 4, date(2026, 5, 9): 4}


def test_a_cancellation_keeps_what_came_meanwhile(desk: Desk) -> None:
    """Of equal keys the newer row stays; what was only in the past comes back beside it."""
    desk = desk.under(braked(desk.contracts, 0))
    everything(ANA)(desk)
    desk.entries(entry(ANA, "2026-05-05", "1"))
    desk.consents(withdrawn(ANA, "2026-05-20"))
    desk.consents(granted(ANA, "2026-05-21T01:00Z"))
    desk.participants(registered(ANA, region="south"))
    desk.entries(entry(ANA, "2026-05-05", "2"))
    cancel(desk, 1)
    assert entries_of(desk, ANA) == {date(2026, 5, 4): 4, date(2026, 5, 5): 2}
    assert query(desk.vault, "SELECT keys['region'] FROM register") == [("south",)]
    assert query(desk.vault, "SELECT count(DISTINCT person_no) FROM consent_event") == [(1,)]
    assert uncovered(desk.vault) == 0
    # The same withdrawal sent again is a new one.
    assert desk.consents(withdrawn(ANA, "2026-05-20")).accepted == 1
    assert desk.vault.suppression_list.people() != []


def timeless(person: str) -> str:
    """Return one line of a consents file: a withdrawal that says no time."""
    return f"{person},withdrawn,,,,,"


@pytest.mark.parametrize("said", [timeless(ANA), withdrawn(ANA, "2026-05-25T10:00Z")])
def test_who_withdraws_while_a_wrong_list_waits_is_erased_and_not_given_back(desk: Desk, said: str) -> None:
    """The list named everybody; Ana meant it, and says so herself. Undoing the list brings back the others only."""
    desk = desk.under(braked(desk.contracts, 1))
    everything(ANA, BEA, CAI)(desk)
    desk.consents(withdrawn(ANA), withdrawn(BEA), withdrawn(CAI))
    desk.consents(said)
    assert desk.vault.rows("erasure/waiting_rows")[0][0] == 2
    cancel(desk, 1)
    assert [len(entries_of(desk, each)) for each in (ANA, BEA, CAI)] == [0, 1, 1]
    assert query(desk.vault, "SELECT count(*) FROM entry") == [(2,)]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_a_wrong_list_that_is_sent_twice_is_undone_twice_and_deletes_nothing(
    desk: Desk, order: tuple[int, int]
) -> None:
    """The second names more people than may be erased at once, of whom all that there is waits: it waits, too."""
    desk = desk.under(braked(desk.contracts, 1))
    everything(ANA, BEA, CAI)(desk)
    for _ in range(2):
        desk.consents(*map(timeless, (ANA, BEA, CAI)))
        desk = replace(desk, now=desk.now + timedelta(minutes=1))
    assert [each.sequence for each in desk.vault.suppression_list.waiting()] == [1, 2]
    cancel(desk, order[0])
    assert entries_of(desk, BEA) == {}
    assert desk.vault.rows("erasure/waiting_rows")[0][0] == 3
    cancel(desk, order[1])
    assert [len(entries_of(desk, each)) for each in (ANA, BEA, CAI)] == [1, 1, 1]
    assert desk.vault.rows("erasure/waiting_rows") == [(0, 0)]


@pytest.mark.parametrize("last", [timeless(BEA), f"{BEA},revoked,,,,,"])
def test_whether_a_deletion_waits_decides_nothing_but_the_deletion(
    tmp_path: Path, contracts: Contracts, last: str
) -> None:
    """Only where Ana left with her does Bea's deletion wait. What Bea says without a time afterwards means the same."""
    found = []
    for name, leaving in (("with", [ANA, BEA]), ("without", [BEA])):
        folder = tmp_path / name
        folder.mkdir()
        with vault_at(folder / "v.duckdb") as vault:
            desk = Desk(vault, braked(contracts, 1), folder)
            everything(*leaving)(desk)
            desk.consents(f"{BEA},revoked,2026-05-10T10:00Z,,,,")
            desk.consents(*(withdrawn(each, "2026-05-20T10:00Z") for each in leaving))
            received = {mark.hex(): number for mark, number in vault.suppression_list.last_received()}
            desk.consents(last)
            desk.consents(granted(BEA, "2026-05-25T10:00Z"))
            desk.entries(entry(BEA))
            assert {mark.hex(): number for mark, number in vault.suppression_list.last_received()} == received
            bea = query(vault, "SELECT mark FROM person JOIN consent_in_force USING (person_no)")
            found.append((entries_of(desk, BEA), bea))
    assert found[0] == found[1]


def test_a_cancellation_ends_no_suspension(desk: Desk) -> None:
    """Ana is suspended and not known otherwise; a list that waits names her, and others are deleted meanwhile."""
    desk = desk.under(braked(desk.contracts, 1))
    everything(BEA, CAI, DEE)(desk)
    desk.consents(f"{ANA},revoked,2026-05-10T10:00Z,,,,")
    desk.consents(withdrawn(ANA), withdrawn(BEA), withdrawn(CAI))
    desk.consents(withdrawn(DEE))
    cancel(desk, 1)
    desk.consents(granted(ANA))
    assert desk.entries(entry(ANA)).without_consent == 1


def test_waiting_rows_are_not_counted_as_held(desk: Desk) -> None:
    """A leaver's refused record waits for its deletion, and not for another try."""
    desk = desk.under(braked(desk.contracts, 0))
    desk.consents(granted(ANA), granted(BEA))
    desk.entries(entry(ANA, mood="9"), entry(BEA, mood="9"))
    desk.consents(withdrawn(ANA))
    assert [(report.held, report.not_held) for report in desk.retry()] == [(1, 0)]
    assert query(desk.vault, "SELECT count(*) FROM refused_row") == [(1,)]


def test_an_old_vault_does_not_undo_a_cancellation_nor_what_waits(tmp_path: Path, contracts: Contracts) -> None:
    """Put back from before all of it, the file follows the list: Ana is back, Bea waits, Cai is erased."""
    path = tmp_path / "vault.duckdb"
    with vault_at(path) as vault:
        desk = Desk(vault, braked(contracts, 1), tmp_path)
        everything(ANA, BEA, CAI)(desk)
        desk.consents(granted(DEE))
        query(vault, "CHECKPOINT")
        old = path.read_bytes()
        desk.consents(withdrawn(ANA), withdrawn(DEE))
        desk = desk.under(braked(contracts, 0))
        desk.consents(withdrawn(BEA))
        desk = desk.under(braked(contracts, 1))
        desk.consents(withdrawn(CAI))
        cancel(desk, 1)
    path.write_bytes(old)
    with vault_at(path) as vault:
        desk = Desk(vault, braked(contracts, 1), tmp_path)
        desk.delete()
        assert [len(entries_of(desk, each)) for each in (ANA, BEA, CAI)] == [1, 0, 0]
        assert vault.rows("erasure/waiting_hash") == [(bytes.fromhex(vault.suppression_list.batches[1].people[0][0]),)]
        assert query(vault, "SELECT count(*) FROM entry") == [(2,)]  # Ana's, and Bea's that wait


def test_an_old_vault_follows_a_withdrawal_that_was_said_again(tmp_path: Path, contracts: Contracts) -> None:
    """Put back from before Ana said so by herself, the file deletes her rows, and undoing the list gives back Bea's."""
    path = tmp_path / "vault.duckdb"
    with vault_at(path) as vault:
        desk = Desk(vault, braked(contracts, 1), tmp_path)
        everything(ANA, BEA, CAI)(desk)
        desk.consents(withdrawn(ANA), withdrawn(BEA))
        query(vault, "CHECKPOINT")
        old = path.read_bytes()
        desk.consents(timeless(ANA))
    path.write_bytes(old)
    with vault_at(path) as vault:
        desk = Desk(vault, braked(contracts, 1), tmp_path)
        desk.delete()
        assert vault.rows("erasure/waiting_rows")[0][0] == 1
        cancel(desk, 1)
        assert [len(entries_of(desk, each)) for each in (ANA, BEA, CAI)] == [0, 1, 1]
        assert uncovered(vault) == 0


@pytest.mark.parametrize("seed", range(10))
def test_one_person_moves_nobody_else_s_rows_or_shares(tmp_path: Path, contracts: Contracts, seed: int) -> None:
    """Two vaults that differ in Ana's records, the same steps, some of them above the limit and some confirmed."""
    desks = []
    for name in ("with", "without"):
        folder = tmp_path / name
        folder.mkdir()
        desks.append(folder)
    with vault_at(desks[0] / "v.duckdb") as first, vault_at(desks[1] / "v.duckdb") as second:
        pair = [Desk(vault, braked(contracts, 1), place) for vault, place in zip((first, second), desks, strict=True)]
        chance = random.Random(seed)
        for step in range(12):
            kind, people = chance.choice(["grant", "leave", "entries", "confirm"]), chance.sample(PEOPLE, 3)
            for desk in pair:
                _step(desk, step, kind, [each for each in people if desk is pair[0] or each != ANA])
                assert uncovered(desk.vault) == 0
            rows = [rows_by_pseudonym(desk.vault) for desk in pair]
            rows[0].pop(pseudonym(ANA), None)
            assert rows[0] == rows[1]
            others = [[entries_of(desk, each) for each in PEOPLE if each != ANA] for desk in pair]
            assert others[0] == others[1]


def _step(desk: Desk, step: int, kind: str, people: list[str]) -> None:
    at = f"2026-05-{step + 1:02}T10:00Z"
    if kind == "confirm":
        for batch in desk.vault.suppression_list.waiting():
            confirm(desk, batch.sequence)
    elif kind == "entries":
        desk.entries(*(entry(each, f"2026-05-{4 + step % 7:02}", str(1 + step % 5)) for each in people))
    else:
        desk.consents(*((granted if kind == "grant" else withdrawn)(each, at) for each in people))


@dataclass
class Known:
    """What the test expects of one person."""

    consents: bool = False
    days: dict[date, int] = field(default_factory=dict)
    left: list[tuple[int, "Known"]] = field(default_factory=list)
    """What waits, with its batch."""
    batches: list[int] = field(default_factory=list)
    """The batches that name the person, without those that were cancelled."""


@pytest.mark.parametrize("seed", range(10))
def test_the_past_counts_again_only_by_a_cancellation(desk: Desk, seed: int) -> None:
    """On random steps, what a release may read is what a slow model expects; a cancellation moves nobody else."""
    desk = desk.under(braked(desk.contracts, 1))
    chance, model = random.Random(seed), {person: Known() for person in PEOPLE}
    for step in range(16):
        kind = chance.choice(["grant", "grant", "leave", "leave", "entries", "entries", "confirm", "cancel"])
        waiting = [each.sequence for each in desk.vault.suppression_list.waiting()]
        if kind in {"confirm", "cancel"}:
            _decide(desk, model, kind, chance.choice(waiting) if waiting else 0)
        else:
            people = chance.sample(PEOPLE, chance.randint(1, 3))
            _bring(desk, model, kind, people, f"2026-05-{step + 1:02}T10:00Z", chance.randint(1, 5))
        for each, known in model.items():
            assert entries_of(desk, each) == (known.days if known.consents else {}), (step, kind)
        assert uncovered(desk.vault) == 0


def _bring(desk: Desk, model: dict[str, Known], kind: str, people: list[str], at: str, mood: int) -> None:  # noqa: PLR0913, PLR0917 -- a step
    if kind == "grant":
        desk.consents(*(granted(each, at) for each in people))
        for each in people:
            model[each].consents = True
    elif kind == "entries":
        day = date(2026, 5, 1 + int(at[8:10]) % 4)
        desk.entries(*(entry(each, f"{day}", f"{mood}") for each in people))
        for each in people:
            if model[each].consents:
                model[each].days[day] = mood
    else:
        desk.consents(*(withdrawn(each, at) for each in people))
        _leave(model, people, desk.vault.suppression_list.sequence)


def _decide(desk: Desk, model: dict[str, Known], kind: str, number: int) -> None:
    if number and kind == "cancel":
        waiting = {each.sequence for each in desk.vault.suppression_list.waiting()}
        cancel(desk, number)
        _cancel(model, number, waiting - {number})
    elif number:
        confirm(desk, number)
        for known in model.values():
            if number in known.batches:
                known.left = [each for each in known.left if each[0] > number]


def _leave(model: dict[str, Known], people: list[str], number: int) -> None:
    waits = sum(model[each].consents or bool(model[each].left) for each in people) > 1
    for each in people:
        known = model[each]
        known.batches.append(number)
        if not waits:
            known.left = []
        elif known.consents:
            known.left.append((number, Known(consents=True, days=known.days)))
        known.consents, known.days = False, {}


def _cancel(model: dict[str, Known], number: int, waiting: set[int]) -> None:
    for known in model.values():
        back = [each for batch, each in known.left if batch == number]
        known.left = [each for each in known.left if each[0] != number]
        if number in known.batches:
            known.batches.remove(number)
        for each in back:
            if max(known.batches, default=0) < number:  # no later withdrawal: the past is open again
                known.consents, known.days = True, {**each.days, **known.days}
            elif max(known.batches) in waiting:
                known.left.append((max(known.batches), each))


# --- the commands


def test_a_dry_run_says_what_would_happen_and_changes_nothing(brake: Office, ask: Ask) -> None:
    """Known here, erased, and whether it would wait; list and rows stay as they are."""
    before = read_suppression_list(brake.home.suppression_list), brake.rows_of("entry"), brake.rows_of("person")
    code, result = ask("withdraw", "--dry-run", lines=("person_id,event", ANA, CAI, f"{BEA},revoked"))
    assert (code, result["people"], result["would_be_erased"], result["would_wait"]) == (0, 2, 1, True)
    assert (result["would_be_suspended"], result["most_erased_at_once"]) == (1, 0)
    assert (
        read_suppression_list(brake.home.suppression_list),
        brake.rows_of("entry"),
        brake.rows_of("person"),
    ) == before
    assert brake.rows_of("suspension") == 0


def test_a_deletion_waits_for_its_confirmation(brake: Office, ask: Ask) -> None:
    """Every answer says what to type; the folder in the inbox goes at once, however many leave."""
    folder = brake.home.inbox / "health_auto_export" / ANA
    code, result = ask("withdraw", lines=("person_id", ANA))
    (waiting,) = result["waiting"]
    assert (code, waiting["receipt"], waiting["people"]) == (0, 1, 1)
    assert waiting["confirm"] == "murmuration withdraw --confirm 1"
    assert (brake.rows_of("person"), folder.exists(), brake.places_of(ANA) != []) == (1, False, True)
    assert ask("receipts")[1]["waiting"] == result["waiting"]
    code, result = ask("erase", "--search", lines=(ANA,))
    assert (code, result["orphaned_rows"], result["deletion_waiting"], result["people_waiting"]) == (5, 0, 1, 1)
    assert "waits for a confirmation" in result["error"]["message"]
    assert "murmuration withdraw --confirm 1" in result["error"]["action"]
    assert ask("withdraw", "--confirm", "1")[1] == {"confirmed": 1, "people": 1, "waiting": []}
    assert brake.places_of(ANA) == []
    assert len(read_suppression_list(brake.home.suppression_list).batches[0].erased) == 1
    assert ask("erase", "--search", lines=(ANA,))[0] == 0


def test_a_withdrawal_that_waits_can_be_undone(brake: Office, ask: Ask) -> None:
    """Rows are as before; the list keeps the entry and says that it is undone."""
    ask("withdraw", lines=("person_id", ANA, BEA))
    assert brake.rows_of("person") == 0
    assert ask("withdraw", "--cancel", "1")[1] == {"cancelled": 1, "people": 2, "waiting": []}
    assert (brake.rows_of("person"), brake.rows_of("waiting_person"), brake.rows_of("consent_in_force")) == (2, 0, 2)
    result = ask("receipts")[1]["receipts"]
    assert [(each["cancels"], each["cancelled_at"] is not None, each["erased"]) for each in result] == [
        (None, True, []),
        (1, False, []),
    ]
    assert ask("withdraw", "--cancel", "1")[0] == 2


@pytest.mark.parametrize("words", [("--confirm", "7"), ("--cancel", "7"), ("--confirm", "1", "file.csv")])
def test_only_what_waits_can_be_decided(brake: Office, ask: Ask, words: tuple[str, ...]) -> None:
    """Another number is refused, and nothing changes."""
    assert ask("withdraw", *words)[0] == 2
    assert brake.rows_of("person") == 2


def test_a_killed_command_s_withdrawals_are_decided_together(brake: Office) -> None:
    """The next command that opens the vault counts them all."""
    with completion.existing_vault(brake.home, brake.contracts, NOW) as vault:
        for person in (ANA, BEA):
            brake.take_into(vault, "consents", brake.file("consents", withdrawn(person)))
    limited = braked(brake.contracts, 1)
    completion.complete_erasures(brake.home, limited, NOW + timedelta(days=1))
    assert [each.sequence for each in read_suppression_list(brake.home.suppression_list).waiting()] == [1, 2]
    completion.complete_erasures(brake.home, limited, NOW + timedelta(days=2))
    assert brake.rows_of("waiting_person") == 2


@pytest.mark.parametrize("point", ["with_cancellation", "with_confirmation"])
def test_killed_between_list_and_vault_the_decision_holds(brake: Office, ask: Ask, point: str) -> None:
    """The list is first; the next command does the rest."""
    ask("withdraw", lines=("person_id", ANA))
    listed = read_suppression_list(brake.home.suppression_list)
    getattr(listed, point)(1, NOW)
    completion.complete_erasures(brake.home, brake.contracts, NOW)
    assert brake.rows_of("waiting_person") == 0
    assert brake.rows_of("person") == (2 if point == "with_cancellation" else 1)
    with open_vault(brake.home.vault, brake.home.suppression_list) as vault:
        assert isinstance(vault, Vault)
        assert uncovered(vault) == 0
