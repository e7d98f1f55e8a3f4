"""One person never moves another, whatever the sequence of commands (L9): two neighbouring homes, one without Ada."""

from collections.abc import Iterator

import duckdb
import pytest

from analytics.contracts import Contracts
from analytics.vault.database import Vault
from analytics.vault.pseudonym import suppression_hash
from tests.sequences.commands import Command, Ingest, Run, Sequence, Wait
from tests.sequences.comparing import Eyes, Seen, differences, measures_of, plan_of_everything, tables_of
from tests.sequences.driving import without_engine_and_noise
from tests.sequences.exploring import explore_for
from tests.sequences.homes import Neighbour
from tests.sequences.known import KNOWN
from tests.sequences.meaning import GOOD, NO_TIME, UNCLEAR
from tests.sequences.records import File, Row
from tests.sequences.reducing import reduced
from tests.sequences.running import Story, run_sequence
from tests.sequences.tallying import Tally
from tests.sequences.templates import Templates
from tests.sequences.world import ADAS, BEA, CAI
from tests.support.people import KEY, query

ADA = ADAS[0]

SECONDS = 60.0
"""Of sequences here; `make sequences` runs them for an hour."""


@pytest.mark.timeout(600)
def test_one_person_never_moves_another_whatever_the_sequence_of_commands() -> None:
    """After every command everything of everybody else is equal in both homes; each run begins with the same ones."""
    tally = explore_for(SECONDS)
    assert tally.did() > tally.sequences > 0


@pytest.fixture(scope="module")
def templates() -> Iterator[Templates]:
    """Return homes to copy."""
    made = Templates()
    with without_engine_and_noise():
        yield made
    made.close()


@pytest.fixture
def pair(templates: Templates) -> Iterator[tuple[Neighbour, Neighbour]]:
    """Return two neighbouring homes, in one of which Ada has consented."""
    with templates.pair(ADA, consented=True) as both:
        yield both


@pytest.mark.parametrize("name", KNOWN)
def test_what_moved_others_before_does_not(templates: Templates, name: str) -> None:
    """Sequences that are known to have broken the promise."""
    run_sequence(KNOWN[name], templates, plan_of_everything(), Tally())


def seen(one: Neighbour, contracts: Contracts) -> Seen:
    """Return what everybody but Ada has in a home."""
    return Eyes(one.home, one.pseudonym, suppression_hash(KEY, one.pseudonym), contracts).look(measures_of(contracts))


def canonical(*rows: Row) -> Command:
    """Return the ingest of a canonical file."""
    return Ingest((File("canonical", rows),))


def test_neighbouring_homes_begin_alike(pair: tuple[Neighbour, Neighbour], contracts: Contracts) -> None:
    """What Ada has does not count as a difference; the measures count others."""
    one, other = (seen(each, contracts) for each in pair)
    assert differences(one, other) == []
    assert other.shares
    assert any(sum(cells) for cells in other.cells.values())


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM entry WHERE key_value = (SELECT min(key_value) FROM entry)",
        "UPDATE entry SET mood_score = 99999 WHERE key_value = (SELECT min(key_value) FROM entry)",
        "UPDATE entry SET source_no = 77",
        "UPDATE register SET valid_from = '2026-02-01'",
        "UPDATE consent_event SET covers_from = '2026-02-01'",
        "UPDATE person SET pseudonym = unhex('00112233445566778899aabbccddeeff') WHERE person_no = 1",
        "UPDATE entry SET batch_no = -batch_no; UPDATE register SET batch_no = -batch_no",
        "INSERT INTO deleted_entry SELECT person_no, 0, 1, 7 FROM person WHERE person_no = 1",
        "INSERT INTO participation SELECT person_no, 'monthly_mood', '2026-P05', 1 FROM person WHERE person_no = 1",
        "INSERT INTO questionnaire_total SELECT person_no, 0, 'phq9', 0, 1, '2026-05-05', 3, 1 FROM person LIMIT 1",
        "INSERT INTO suspension VALUES (unhex('00112233445566778899aabbccddeeff'), 7)",
        "INSERT INTO refused_record SELECT min(person_no), 0, 'entry', 1, 2, 1, 'rule', '', now(), '{}' FROM person",
        "INSERT INTO withdrawn VALUES (unhex('00112233445566778899aabbccddeeff'), 7)",
        "UPDATE vault SET purged_before = '2026-01-01'",
    ],
)
def test_whatever_differs_of_somebody_else_is_seen(
    pair: tuple[Neighbour, Neighbour], contracts: Contracts, change: str
) -> None:
    """Each table of people, and each number whose order counts."""
    with duckdb.connect(str(pair[0].home.vault)) as connection:
        for statement in change.split("; "):
            connection.execute(statement)
    assert differences(seen(pair[0], contracts), seen(pair[1], contracts))


def test_a_refused_row_of_somebody_else_that_is_gone_is_seen(
    pair: tuple[Neighbour, Neighbour], contracts: Contracts
) -> None:
    """What Ada's own rows add is no difference; what others lack is one."""
    command = canonical(Row(GOOD, BEA), Row(NO_TIME, CAI), Row(NO_TIME))
    for one in pair:
        one.run(command.argv(one) or [])
    assert differences(seen(pair[0], contracts), seen(pair[1], contracts)) == []
    with duckdb.connect(str(pair[0].home.vault)) as connection:
        for table, *_ in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            if table in {"quarantine", "refused_record"}:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 -- our names
    assert differences(seen(pair[0], contracts), seen(pair[1], contracts))


def test_somebody_suspended_who_counts_is_seen(pair: tuple[Neighbour, Neighbour], contracts: Contracts) -> None:
    """Both homes are alike then, so that the comparison alone would not tell."""
    unclear = Ingest((File("consents", (Row(UNCLEAR, BEA),)),))
    for one in pair:
        one.run(unclear.argv(one) or [])
    assert differences(seen(pair[0], contracts), seen(pair[1], contracts)) == []
    for one in pair:
        with duckdb.connect(str(one.home.vault)) as connection:
            connection.execute(
                "CREATE OR REPLACE VIEW consent_in_force AS SELECT person_no, covers_from FROM consent_given"
            )
    assert set(differences(seen(pair[0], contracts), seen(pair[1], contracts))) == {"somebody suspended counts"}


def test_a_table_that_somebody_adds_is_compared_or_said_why_not(vault: Vault) -> None:
    """A table with people in it is compared by its columns; one without must be named."""
    query(vault, "CREATE TABLE diary (person_no INTEGER, word VARCHAR)")
    assert tables_of(vault)["diary"] == ["person_no", "word"]
    query(vault, "CREATE TABLE shelf (word VARCHAR)")
    with pytest.raises(AssertionError, match="table shelf is not compared"):
        tables_of(vault)


def test_a_sequence_is_reduced_to_its_cause() -> None:
    """Commands, files and rows without which it still fails are left out."""
    cause = canonical(Row(GOOD, BEA), Row(NO_TIME))
    sequence = Sequence(ADAS[3], consented=True, commands=(Wait(1), Run(("publish",)), cause, Wait(15)))

    def fails(tried: Sequence) -> bool:
        files = [file for command in tried.commands if isinstance(command, Ingest) for file in command.files]
        return any(row.person is None for file in files for row in file.rows)

    assert reduced(sequence, fails, 10) == Sequence(ADA, consented=False, commands=(cause,))


def test_the_loop_without_an_engine_ends_commands_as_the_engine_does(
    pair: tuple[Neighbour, Neighbour], contracts: Contracts
) -> None:
    """Draws and files go through; a second draw finds the first, and a refused file leaves its error."""
    tally = Tally()
    story = Story(Sequence(ADA, consented=True, commands=()), pair, contracts, tally)
    assert story.step(Run(("release",))) == []
    first, second = (each.run(["release"]) for each in pair)
    assert (first.code, first.result["already_released"]) == (0, second.result["already_released"])
    assert len(first.result["already_released"]) == 4
    (pair[0].folder / "empty.csv").write_text("nothing\n")
    assert pair[0].run(["ingest", "canonical", "empty.csv"]).code == 3
