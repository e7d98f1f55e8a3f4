"""What is not compared: figures of a beginning and of a longer period, which are published with their reason."""

import io
from pathlib import Path

import polars as pl
import pytest

from analytics.contracts import Contracts, Plan
from analytics.periods import Period
from analytics.release.budget import solved
from analytics.trends.estimation.not_compared import LONGER, STARTING, not_compared
from analytics.trends.publication.publish import publish
from analytics.trends.publication.rows import WIDE
from analytics.trends.publication.verify import verify_published
from tests.support.releases import GRID, PRODUCT, Home, new_home, plan_of

PERIODS = ("2026-P08", "2026-P09", "2026-P10", "2026-P11", "2026-P12", "2026-P13", "2027-P01", "2027-P02")
"""The thirteenth of 2026 has a fifth week."""


@pytest.mark.parametrize(
    ("weeks_back", "period", "first", "reasons"),
    [
        (0, "2026-P01", "2026-P01", ()),
        (5, "2026-P01", "2026-P01", (STARTING,)),
        (5, "2026-P02", "2026-P01", ()),  # five weeks are those of a period that takes a week 53
        (8, "2026-P02", "2026-P01", (STARTING,)),
        (8, "2026-P03", "2026-P01", ()),
        (16, "2027-P01", "2026-P11", (STARTING,)),  # three periods before it, one of them with five weeks
        (16, "2027-P01", "2026-P10", ()),
        (16, "2026-P13", "2026-P12", (STARTING, LONGER)),
        (0, "2026-P13", "2026-P01", (LONGER,)),
        (0, "2025-P13", "2025-P01", ()),
        (2, "2026-W02", "2026-W01", (STARTING,)),
        (2, "2027-W01", "2026-W52", ()),  # across a week 53
    ],
)
def test_the_calendar_says_what_is_not_compared(
    weeks_back: int, period: str, first: str, reasons: tuple[str, ...]
) -> None:
    """A look-back needs as many whole periods since the first release; a fifth week is never usual."""
    assert not_compared(weeks_back, Period.parse(period), Period.parse(first)) == reasons


def looking_back(weeks: int) -> Plan:
    """Return a four-weekly plan whose measure looks back."""
    plan = plan_of(cadence="four_weeks")
    mood = plan.measures["mood"].model_copy(update={"looks_back_weeks": weeks})
    plan = plan.model_copy(update={"measures": {"mood": mood}})
    return plan.model_copy(update={"frozen": solved(plan, GRID)})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, contracts: Contracts) -> Home:
    """Return eight published periods of a measure that looks back over two."""
    made = new_home(tmp_path_factory.mktemp("apart") / "home")
    made.draw(*PERIODS, plan=looking_back(8))
    with made.open() as ledger:
        publish(ledger.entries(), ledger.cells, made.published, contracts.published)
    return made


def everyone(home: Home, table: str, period: str) -> pl.DataFrame:
    """Return the rows of all participants."""
    folder = home.published / "releases" / PRODUCT / f"{period}-r0"
    return pl.read_parquet(io.BytesIO((folder / f"{table}.parquet").read_bytes())).filter(table="all")


def test_figures_of_a_beginning_are_shown_with_caution(home: Home) -> None:
    """The first two periods have figures and say why to be careful; the third has the whole look-back."""
    for period, reason in zip(PERIODS[:3], (STARTING, STARTING, ""), strict=True):
        frame = everyone(home, "measures", period)
        assert frame["estimate"].null_count() == 0
        assert set(frame["reason"]) == {reason}
        assert set(frame["reliability"]) == {"caution" if reason else "ok"}


def test_a_wide_interval_is_a_reason_beside_the_beginning(tmp_path: Path, contracts: Contracts) -> None:
    """Both reasons are published."""
    plan = looking_back(8)
    display = plan.display.model_copy(update={"caution_half_width": plan.display.caution_half_width / 1000})
    made = new_home(tmp_path / "wide")
    made.draw(PERIODS[0], plan=plan.model_copy(update={"display": display}))
    with made.open() as ledger:
        publish(ledger.entries(), ledger.cells, made.published, contracts.published)
    frame = everyone(made, "measures", PERIODS[0])
    wide = WIDE.format(points=display.caution_half_width)
    assert frame["reason"].to_list() == [STARTING, f"{wide}; {STARTING}", f"{wide}; {STARTING}"]


def test_both_sides_of_a_change_are_comparable(home: Home) -> None:
    """The first change is between the first two whole look-backs; a period of five weeks is on no side of one."""
    changed = [everyone(home, "measures", period)["since_previous"].null_count() == 0 for period in PERIODS]
    assert dict(zip(PERIODS, changed, strict=True)) == {
        "2026-P08": False,
        "2026-P09": False,
        "2026-P10": False,  # the period before is a beginning
        "2026-P11": True,
        "2026-P12": True,
        "2026-P13": False,  # five weeks
        "2027-P01": False,  # after five weeks
        "2027-P02": True,
    }


def test_what_is_not_compared_is_no_point_of_a_series(home: Home) -> None:
    """Its row in signals has figure and people, and says that it is not compared."""
    apart_from = {period: period in {"2026-P08", "2026-P09", "2026-P13"} for period in PERIODS}
    for period, is_apart in apart_from.items():
        signals, measures = everyone(home, "signals", period), everyone(home, "measures", period)
        assert signals["estimate"].to_list() == measures["estimate"].to_list()
        assert signals["people"].to_list() == pytest.approx(measures["people"].to_list())
        assert set(signals["state"]) == {"not_compared" if is_apart else "too_few_points"}


def test_limits_begin_after_the_beginning(tmp_path: Path, contracts: Contracts) -> None:
    """Limits of a measure that looks back over four periods are made from the fifth on."""
    names = [Period.parse("2024-P01")]
    while len(names) < 13:
        names.append(names[-1].next)
    made = new_home(tmp_path / "limits")
    made.draw(*(period.name for period in names), plan=looking_back(16))
    with made.open() as ledger:
        publish(ledger.entries(), ledger.cells, made.published, contracts.published)
    found = everyone(made, "signals", "2024-P13")
    assert set(found["limits_from"]) == {"2024-P05"}
    assert set(found["limits_points"]) == {8}
    assert everyone(made, "outlook", "2024-P11").height == 0
    assert set(everyone(made, "outlook", "2024-P12")["horizon"]) == {0, 1}
    assert all(check.ok for check in verify_published(made.published))
