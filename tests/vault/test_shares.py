"""Shares: one person is one unit of mass, and the grid is whole whoever logs."""

from pathlib import Path

import pytest

from analytics.cells import TableKey
from analytics.contracts import Contracts
from analytics.errors import UnforeseenError
from analytics.sqlfiles import statement
from analytics.vault.shares import exact_cells
from tests.support.people import ANA, BEA, WEEK, Desk, entry, granted, registered

MICRO = 1_000_000


def test_each_logged_day_is_one_vote(desk: Desk) -> None:
    """Five good and two low days of a week are 714285 and 285714 micro-persons, however many entries a day has."""
    desk.consents(granted(ANA))
    good = [entry(ANA, f"2026-05-0{day}T0{hour}:00", "4") for day in (4, 5, 6, 7, 8) for hour in (7, 8, 9)]
    low = [entry(ANA, "2026-05-09", "2"), entry(ANA, "2026-05-10", "2")]
    desk.entries(*good, *low)
    assert desk.everyone() == {1: 285_714, 3: 714_285}


@pytest.mark.parametrize(
    ("moods", "band"),
    [
        (["1.5"], 1),  # 12.5 is the first of `low`
        (["1.4999"], 0),
        (["2.5"], 2),  # 37.5 is no longer low
        (["2.4999"], 1),
        (["3.5"], 3),  # 62.5
        (["3.4999"], 2),
        (["4.5"], 4),  # 87.5
        (["4.4999"], 3),
        (["1"], 0),
        (["5"], 4),
        (["1", "4"], 2),  # a mean of exactly 37.5
        (["1", "1", "2.5"], 1),  # a mean of exactly 12.5
        (["1", "1", "2.4999"], 0),
        (["5", "1"], 2),
    ],
)
def test_bands_at_their_cuts(desk: Desk, moods: list[str], band: int) -> None:
    """A day's band is that of the mean of its scores, the cut itself belonging to the band above."""
    desk.consents(granted(ANA))
    desk.entries(*(entry(ANA, f"2026-05-04T1{number}:00", mood) for number, mood in enumerate(moods)))
    assert desk.everyone() == {band: MICRO}


def test_an_empty_vault_gives_the_whole_grid(desk: Desk) -> None:
    """Every cell of every table is there without a single row, in the plan's order, and all are zero."""
    plan, grid = desk.contracts.plan, desk.contracts.grid
    product = plan.products["weekly_mood"]
    cells = exact_cells(desk.vault, plan, grid, product, WEEK)
    for measure, dimensions in product.measured():
        assert cells.reveal(TableKey(measure, dimensions)) == [0] * (5 * grid.size(dimensions))


def test_only_days_of_the_period_count(desk: Desk) -> None:
    """A week runs from its Monday to its Sunday in the participant's local date."""
    desk.consents(granted(ANA))
    desk.entries(
        entry(ANA, "2026-05-03T23:59", "1"),
        entry(ANA, "2026-05-04T00:00", "4"),
        entry(ANA, "2026-05-10T23:59-11:00", "4"),  # the 11th in UTC, still Sunday to the participant
        entry(ANA, "2026-05-11T00:00", "1"),
    )
    assert desk.everyone() == {3: MICRO}


def test_a_key_that_left_the_grid_is_unknown(desk: Desk) -> None:
    """A register row that is older than the grid counts as unknown where its key is gone."""
    desk.consents(granted(ANA))
    desk.participants(registered(ANA))
    desk.entries(entry(ANA))
    grid = desk.contracts.grid
    region = grid.dimensions["region"]
    fewer = region.model_copy(update={"keys": {key: label for key, label in region.keys.items() if key != "north"}})
    newer = grid.model_copy(update={"dimensions": {**grid.dimensions, "region": fewer}})
    narrowed = desk.under(Contracts(**{**vars(desk.contracts), "grid": newer}))
    assert (("region",), ("unknown",), 3) in narrowed.cells()


def test_a_measure_that_breaks_the_bound_draws_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQL that gives a person more than one unit is stopped before any cell is counted."""
    desk.consents(granted(ANA))
    desk.entries(entry(ANA))

    def doubled(folder: Path, name: str) -> str:
        return statement(folder, name).replace("1000000 *", "2000000 *")

    with monkeypatch.context() as patch:
        patch.setattr("analytics.vault.database.statement", doubled)
        with pytest.raises(UnforeseenError, match="more than one unit"):
            desk.cells()
    assert desk.everyone() == {3: MICRO}


def test_two_people_are_two(desk: Desk) -> None:
    """People add up: two who log at one instant are two units in two regions."""
    desk.consents(granted(ANA), granted(BEA))
    desk.participants(registered(ANA), registered(BEA, region="coast", age_band="65+"))
    desk.entries(entry(ANA), entry(BEA))
    cells = desk.cells()
    assert cells[(), (), 3] == 2 * MICRO
    assert cells[("region", "age_band"), ("north", "25-34"), 3] == MICRO
    assert cells[("region", "age_band"), ("coast", "65+"), 3] == MICRO
