"""Signals and outlook as they are published: of the ledger up to the release, every series with its state."""

import io
import itertools
import re
from pathlib import Path

import polars as pl
import pytest

from analytics.cells import ExactCells
from analytics.contracts import Contracts, Plan
from analytics.contracts.plan import Rebase
from analytics.periods import Period
from analytics.release.draw import draw
from analytics.trends.estimation.figures import figures_of
from analytics.trends.estimation.intervals import Z
from analytics.trends.monitoring.series import History, released_of
from analytics.trends.publication.card import card_of
from analytics.trends.publication.pairs import pairs
from analytics.trends.publication.publish import publish
from analytics.trends.publication.rows import rows_of
from tests.support.bodies import altered, body_of
from tests.support.releases import GRID, NOW, PRODUCT, Home, draw_week, exact_cells, new_home, plan_of

WEEKS = 14
TRIAL, LOCKED = 8, 12
"""How many figures lie before the first release with trial limits (seven, and one since the gap costs a moving range)
and with locked ones."""


def weeks(count: int) -> list[str]:
    """Return the names of so many weeks."""
    found = [Period.parse("2024-W01")]
    while len(found) < count:
        found.append(found[-1].next)
    return [period.name for period in found]


def home_of(folder: Path, contracts: Contracts, names: list[str], plan: Plan | None = None) -> Home:
    """Return a home with these weeks drawn and published."""
    home = new_home(folder)
    home.draw(*names, plan=plan)
    republish(home, contracts)
    return home


def republish(home: Home, contracts: Contracts) -> None:
    """Publish what the ledger holds."""
    with home.open() as ledger:
        publish(ledger.entries(), ledger.cells, home.published, contracts.published)


def read(home: Home, table: str, week: str) -> pl.DataFrame:
    """Return a published table."""
    return pl.read_parquet(
        io.BytesIO((home.published / "releases" / PRODUCT / f"{week}-r0" / f"{table}.parquet").read_bytes())
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, contracts: Contracts) -> Home:
    """Return fourteen published weeks in which nothing changes, the fifth never drawn."""
    names = weeks(WEEKS + 1)
    del names[4]
    return home_of(tmp_path_factory.mktemp("findings") / "home", contracts, names)


def test_every_series_has_its_state_in_the_order_of_the_figures(home: Home) -> None:
    """Signals have the rows of measures, in their order; withheld, with too few points, then judged."""
    for number, week in enumerate(week for week in weeks(WEEKS + 1) if week != "2024-W05"):
        signals, figures = read(home, "signals", week), read(home, "measures", week)
        keys = ["measure", "table", "cohort", "headline", "unit"]
        assert signals.select(keys).rows() == figures.select(keys).rows()
        assert signals["estimate"].to_list() == figures["estimate"].to_list()
        withheld = signals.filter(pl.col("state") == "withheld")
        assert withheld.height == figures.filter(pl.col("reliability") == "withheld").height > 0
        assert set(withheld["limits"]) == {"none"}
        everyone = signals.filter(pl.col("table") == "all")
        assert set(everyone["limits"]) == {"none" if number < TRIAL else "trial" if number < LOCKED else "locked"}


def test_limits_say_what_they_are_made_of(home: Home) -> None:
    """Locked limits are mean and moving ranges of the first twelve figures, by hand from the published files."""
    names = [week for week in weeks(WEEKS + 1) if week != "2024-W05"]
    figures = [read(home, "measures", week).filter(pl.col("table") == "all") for week in names[:12]]
    values = [frame.filter(pl.col("headline") == "low_share")["estimate"].item() for frame in figures]
    # The fifth week was never drawn: no moving range from the fourth to the sixth.
    moved = [abs(b - a) for place, (a, b) in enumerate(itertools.pairwise(values)) if place != 3]
    row = read(home, "signals", names[-1]).filter((pl.col("table") == "all") & (pl.col("headline") == "low_share"))
    result = row.to_dicts()[0]
    assert (result["limits_from"], result["limits_to"], result["limits_points"]) == ("2024-W01", "2024-W13", 12)
    assert result["centre"] == pytest.approx(sum(values) / 12, abs=1e-5)
    assert result["upper_limit"] - result["centre"] == pytest.approx(2.66 * sum(moved) / 10, abs=1e-5)
    assert result["centre"] - result["lower_limit"] == pytest.approx(2.66 * sum(moved) / 10, abs=1e-5)


def test_an_outlook_is_published_with_its_level(home: Home) -> None:
    """Horizon 0 is the level now, 1 to 4 are figures to come, and the furthest says so in words."""
    frame = read(home, "outlook", "2024-W15").filter((pl.col("table") == "all") & (pl.col("headline") == "people"))
    assert frame["horizon"].to_list() == [0, 1, 2, 3, 4]
    assert frame["of"].to_list() == ["level"] + ["published figure"] * 4
    assert frame["for_period"].to_list()[-1] == "2024-W19"
    assert [bool(sentence) for sentence in frame["sentence"]] == [False] * 4 + [True]
    assert all(low < value < high for low, value, high in frame.select("low", "value", "high").rows())
    assert read(home, "outlook", "2024-W04").height == 0


def test_a_period_that_is_drawn_late_changes_no_later_release(tmp_path: Path, contracts: Contracts) -> None:
    """A release looks at what the ledger held at its own entry: a gap that is filled later stays a gap for it."""
    names = weeks(10)
    late = names.pop(4)
    home = home_of(tmp_path / "late", contracts, names)
    before = {week: (read(home, "signals", week), read(home, "outlook", week)) for week in names}
    with home.open() as ledger:
        draw_week(ledger, late, plan_of())
    republish(home, contracts)
    for week, (signals, ahead) in before.items():
        assert read(home, "signals", week).equals(signals)
        assert read(home, "outlook", week).equals(ahead)
    assert set(read(home, "signals", late).filter(table="all")["state"]) == {"too_few_points"}


def test_a_period_that_is_drawn_late_has_no_part_in_limits(tmp_path: Path, contracts: Contracts) -> None:
    """Locked limits stay locked, to the digit, when a period before their end is drawn after them; so does the gap."""
    names = weeks(17)
    late = names.pop(4)
    home = home_of(tmp_path / "locked", contracts, [*names[:14], late, *names[14:]])
    limits = ["limits", "limits_from", "limits_to", "limits_points", "centre", "lower_limit", "upper_limit"]
    before, after = (read(home, "signals", week).filter(table="all").select(limits) for week in (names[13], names[-1]))
    assert set(before["limits"]) == {"locked"}
    assert after.equals(before)
    # The late period itself looks at those before it.
    assert read(home, "signals", late).filter(table="all")["estimate"].null_count() == 0


def test_a_figure_comes_with_the_people_that_it_is_of(home: Home) -> None:
    """A share of a part of the people says how many that part has, in measures, pairs, signals and their sentences."""
    with home.open() as ledger:
        entry = ledger.entries()[0]
        cells = ledger.cells(entry)
    body = body_of(entry)
    body["measures"][0]["headlines"][1]["whole"] = [1, 1, 0]
    entry = altered(entry, body)
    figures = figures_of(entry, cells)
    card = card_of(entry)
    rows = [row for row in rows_of(entry, card, figures, []) if row["headline"] == "low_share" and row["people"]]
    north = next(row for row in rows if row["cohort"] == "north")
    # Of 3,000 people three quarters are in the first two categories.
    assert north["people"] == pytest.approx(2250, abs=150)
    assert f"About {north['people']:,.0f} people were counted in the week of " in str(north["sentence"])
    beside = pairs(entry, card, figures).filter(headline="low_share", table="region").to_dicts()[0]
    assert beside["people"] == north["people"]
    assert f"About {north['people']:,.0f} and " in beside["sentence"]
    points = {
        (series.table, series.cohort): point
        for series, point in released_of(figures).items()
        if series.headline == "low_share" and point is not None
    }
    assert points["region", "north"].people == pytest.approx(north["people"])


def test_a_planted_change_is_published_as_a_sentence(tmp_path: Path, contracts: Contracts) -> None:
    """When half of all people are gone, fewer people are a signal, and its interval holds how many are gone."""
    home = new_home(tmp_path / "planted")
    names = weeks(14)
    home.draw(*names[:-1])
    plan = plan_of()
    whole = exact_cells(plan)
    halved = ExactCells({key: [value // 2 for value in whole.reveal(key)] for key in whole._vectors})
    with home.open() as ledger:
        draw(ledger, plan, GRID, PRODUCT, Period.parse(names[-1]), lambda _: halved, NOW)
    republish(home, contracts)
    frame = read(home, "signals", names[-1])
    result = frame.filter((pl.col("table") == "all") & (pl.col("headline") == "people")).to_dicts()[0]
    assert (result["state"], result["rule"], result["direction"]) == ("signal", "outside", "lower")
    assert result["change_low"] < -1951 < result["change_high"] < 0
    assert result["p_outside"] <= result["false_share"] < 0.05
    assert re.match(
        # By chance the week before may lie below the usual range as well.
        r"The number of people among all participants (was lower than usual in the week of 1 to 7 April 2024|has been "
        r"lower since \d+ \w+): below its usual range",
        result["sentence"],
    )
    assert " people fewer (between 1," in result["sentence"]
    assert set(frame.filter(pl.col("headline") != "people")["state"]) <= {"withheld", "no_signal"}


def test_a_rebase_in_the_plan_comes_with_its_reason(tmp_path: Path, contracts: Contracts) -> None:
    """From a declared period on limits and outlook start again and say why; releases before it are as they were."""
    names = weeks(16)
    # Declared ahead: until the period comes it changes nothing.
    plan = plan_of().model_copy(
        update={"rebase": {PRODUCT: (Rebase.model_validate({"from": names[8], "reason": "Another question"}),)}}
    )
    home = new_home(tmp_path / "rebased")
    home.draw(*names, plan=plan)
    republish(home, contracts)
    before, after, judged = (read(home, "signals", names[place]).filter(table="all") for place in (7, 8, 15))
    assert set(before["limits"]) == {"trial"}
    assert set(before["rebased"]) == {""}
    assert set(after["limits"]) == {"none"}
    assert set(after["rebased"]) == {f"from {names[8]} on: Another question"}
    assert set(judged["limits_from"]) == {names[8]}
    assert read(home, "outlook", names[8]).height == 0


def test_a_point_is_the_published_figure_with_its_variances(home: Home) -> None:
    """Value and variances are those of the published figure and of its two intervals, in its own unit."""
    with home.open() as ledger:
        entry = ledger.entries()[0]
        released = released_of(figures_of(entry, ledger.cells(entry)))
    rows = read(home, "measures", entry.period).to_dicts()
    for row, (series, point) in zip(rows, released.items(), strict=True):
        assert (row["table"], row["cohort"], row["headline"]) == (series.table, series.cohort, series.headline)
        assert (point is None) == (row["reliability"] == "withheld")
        if point is not None:
            noise, shown = (((row[f"{name}_high"] - row[f"{name}_low"]) / 2 / Z) ** 2 for name in ("noise", "shown"))
            assert point.value == row["estimate"]
            assert point.noise_variance == pytest.approx(noise, rel=0.05)
            assert point.variance == pytest.approx(shown, rel=0.05)


def test_another_definition_is_another_series(home: Home) -> None:
    """A figure whose weights change starts again: the figures before it are not its own past."""
    with home.open() as ledger:
        first, second = ledger.entries()[:2]
        cells = ledger.cells(first)
    body = body_of(second)
    body["measures"][0]["headlines"][1]["weights"] = [1, 1, 0]
    history = History()
    for entry in (first, altered(second, body)):
        history.add(entry, figures_of(entry, cells))
    lengths = {
        series.headline: len(points) for series, points in history.up_to(second).items() if series.table == "all"
    }
    assert lengths == {"people": 2, "low_share": 1, "mean_mood": 2}
