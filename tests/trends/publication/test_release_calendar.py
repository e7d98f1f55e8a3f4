"""When releases were drawn, are expected, and were missed: by plan and ledger."""

from datetime import date
from pathlib import Path

import pytest

from analytics.contracts.plan import Rebase
from analytics.store.chain import Entry
from analytics.trends.publication.release_calendar import calendar, missed, rebased, released
from tests.support.releases import NOW, PRODUCT, Home, new_home, plan_of

START = date(2024, 3, 5)
"""A Tuesday: the week that it lies in began before."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home without a release."""
    return new_home(tmp_path / "home")


def entries(home: Home) -> list[Entry]:
    """Return the ledger's entries."""
    with home.open() as ledger:
        return ledger.entries()


def names(home: Home, cadence: str = "week") -> list[str]:
    """Return the periods that are announced."""
    (product,) = calendar(plan_of(cadence=cadence), START, entries(home))
    return [one.period for one in product.next]


def test_a_release_has_the_day_of_its_draw(home: Home) -> None:
    """In the ledger's order, and a day, not a time: a time would show how long the ingest before it took."""
    home.draw("2024-W11", "2024-W10")
    found = released(entries(home))
    assert [(one.product, one.period, one.revision) for one in found] == [
        (PRODUCT, "2024-W11", 0),
        (PRODUCT, "2024-W10", 0),
    ]
    assert {one.drawn_on for one in found} == {NOW.date()}
    assert [type(one.drawn_on) for one in found] == [date, date]


def test_three_periods_after_the_newest_release_are_announced(home: Home) -> None:
    """Each from the day on which the plan allows its draw: the last day and three days of grace."""
    home.draw("2024-W12", "2024-W11")
    (product,) = calendar(plan_of(), START, entries(home))
    assert (product.product, product.label, product.cadence) == (PRODUCT, "Weekly", "week")
    assert [(one.period, one.first_day, one.last_day, one.expected_on) for one in product.next] == [
        ("2024-W13", date(2024, 3, 25), date(2024, 3, 31), date(2024, 4, 3)),
        ("2024-W14", date(2024, 4, 1), date(2024, 4, 7), date(2024, 4, 10)),
        ("2024-W15", date(2024, 4, 8), date(2024, 4, 14), date(2024, 4, 17)),
    ]


def test_before_the_first_release_the_first_period_is_announced(home: Home) -> None:
    """It begins on or after the first public day."""
    assert names(home) == ["2024-W11", "2024-W12", "2024-W13"]
    assert names(home, "four_weeks") == ["2024-P04", "2024-P05", "2024-P06"]


def test_a_product_that_was_put_off_is_announced_from_its_new_beginning(home: Home) -> None:
    """The plan lets it begin later than its newest release ends."""
    home.draw("2024-W11")
    plan = plan_of()
    later = plan.products[PRODUCT].model_copy(update={"from_": date(2024, 5, 6)})
    (product,) = calendar(plan.model_copy(update={"products": {PRODUCT: later}}), START, entries(home))
    assert product.next[0].period == "2024-W19"


def test_periods_that_were_passed_over_are_missed(home: Home) -> None:
    """Those between the first and the newest release alone; a release that was drawn late is not missed."""
    home.draw("2024-W10", "2024-W14")
    assert [(one.product, one.period) for one in missed(entries(home))] == [
        (PRODUCT, "2024-W11"),
        (PRODUCT, "2024-W12"),
        (PRODUCT, "2024-W13"),
    ]
    home.draw("2024-W12")
    found = missed(entries(home))
    assert [(one.period, one.first_day, one.last_day) for one in found] == [
        ("2024-W11", date(2024, 3, 11), date(2024, 3, 17)),
        ("2024-W13", date(2024, 3, 25), date(2024, 3, 31)),
    ]


def test_a_product_that_changed_its_cadence_has_gaps_of_each_by_itself(home: Home) -> None:
    """Four weeks and weeks under one name: none is missed for the other, and the search ends."""
    home.draw("2024-P03", "2024-P05", plan=plan_of(cadence="four_weeks"))
    home.draw("2024-W22", "2024-W24")
    assert [one.period for one in missed(entries(home))] == ["2024-P04", "2024-W23"]
    assert (names(home)[0], names(home, "four_weeks")[0]) == ("2024-W25", "2024-P06")


def test_nothing_is_missed_without_a_release(home: Home) -> None:
    assert missed(entries(home)) == ()


def test_a_declared_break_is_noted_on_its_first_day(home: Home) -> None:
    """As the latest draw has it: what the plan says now is published with the next release."""
    breaks = (Rebase.model_validate({"from": "2024-W12", "reason": "A new app"}),)
    home.draw("2024-W10")
    assert rebased(entries(home)) == []
    home.draw("2024-W11", plan=plan_of().model_copy(update={"rebase": {PRODUCT: breaks}}))
    (note,) = rebased(entries(home))
    assert (note.on, note.text, note.product) == (date(2024, 3, 18), "A new app", PRODUCT)
