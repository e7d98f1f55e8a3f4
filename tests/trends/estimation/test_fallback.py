"""Where a figure is withheld, the nearest readable one takes its place, chosen by plan, ledger and noise alone."""

import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from analytics.contracts import Contracts, Plan
from analytics.layout import Array, Dimensions
from analytics.store.body import ReleasedHeadline
from analytics.trends.estimation.comparisons import since_previous
from analytics.trends.estimation.fallback import Fallback, fallback_of, four_weeks, parents
from analytics.trends.estimation.figures import CellFigures, MeasureFigures, figures_of
from analytics.trends.publication.publish import publish
from analytics.trends.publication.verify import verify_published
from tests.support.displayed_figures import BANDS, LOW, MEAN, PEOPLE, figures, layout_of
from tests.support.releases import PRODUCT, Home, new_home, plan_of

REPETITIONS = 3000
SPREAD = np.array([0.08, 0.16, 0.26, 0.32, 0.18])
BOTH: Dimensions = ("region", "age")
LAYOUT = layout_of({"region": 2, "age": 3}, {(): 5.0, ("region",): 5.0, ("age",): 1.0, BOTH: 5.0})
FLOOR = {"floor_people": "100", "floor_noise_sds": "1"}


@pytest.mark.parametrize("same_people", [True, False], ids=["the same people", "others each week"])
@pytest.mark.parametrize("headline", [LOW, MEAN, PEOPLE], ids=["low share", "mean mood", "people"])
def test_four_weeks_hold_what_they_promise(headline: ReleasedHeadline, *, same_people: bool) -> None:
    """`noise` holds the participants' own figure in 94 to 96 of 100, `shown` the one they come from in at least 94.

    Also where the four weeks are of the same people, who do not change: 3,000 repetitions err by 0.4 points.
    """
    layout = layout_of({}, {(): 12.0})
    rng = np.random.default_rng(30)
    weights, kind = np.array(headline.weights) / max(headline.weights), headline.kind
    noise, shown = [], []
    for _ in range(REPETITIONS):
        weeks = [rng.multinomial(rng.poisson(240), SPREAD).astype(np.float64) for _ in range(4)]
        if same_people:
            weeks = weeks[:1] * 4
        result = [figures(layout, {(): week + rng.normal(0, 12.0, BANDS)}) for week in weeks]
        found = four_weeks(result[0], result[1:], result[0].cells[(), ()], headline)
        assert found is not None
        assert found.figure.noise is not None
        assert found.figure.shown is not None
        whole = np.sum(weeks, axis=0)
        own, underlying = float(weights @ whole / whole.sum()), float(weights @ SPREAD)
        if kind == "people":
            own, underlying = float(whole.sum()) / 4, 240.0
        noise.append(found.figure.noise.low <= own <= found.figure.noise.high)
        shown.append(found.figure.shown.low <= underlying <= found.figure.shown.high)
    assert 0.935 < np.mean(noise) < 0.965
    assert np.mean(shown) > 0.935


def week(people: float, others: float = 0.0, display: dict[str, str] = FLOOR) -> MeasureFigures:
    """Return a week with so many people in the first cohort and in each of the five others."""
    cells: Array = np.full((2, 3, BANDS), others / BANDS)
    cells[0, 0] = people / BANDS
    return figures(
        LAYOUT, {(): cells.sum((0, 1)), ("region",): cells.sum(1), ("age",): cells.sum(0), BOTH: cells}, display
    )


def first(release: MeasureFigures) -> CellFigures:
    """Return the first cohort of both dimensions."""
    return release.cells[BOTH, ("0", "0")]


def offered(now: MeasureFigures, *earlier: MeasureFigures, headline: ReleasedHeadline = LOW) -> Fallback | None:
    """Return what is offered for the first cohort, which is withheld."""
    assert now.result(first(now), headline) is None
    return fallback_of(now, earlier, first(now), headline)


def test_four_weeks_come_first() -> None:
    """The same cohort over four weeks comes before any larger group: the mean of its four cells."""
    found = offered(week(60, 500), week(200, 500), week(210, 500), week(130, 500))
    assert found is not None
    assert (found.of, found.table, found.cohort) == ("four_weeks", BOTH, ("0", "0"))
    assert found.people == pytest.approx(150, abs=1e-4)


def test_four_weeks_need_all_four() -> None:
    """With a week missing a larger group is offered, however many people the others had."""
    found = offered(week(60, 500), week(200, 500), week(9000, 500))
    assert found is not None
    assert found.of == "parent"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("headlines", (PEOPLE, LOW.model_copy(update={"weights": (1, 0, 0, 0, 0)}), MEAN)),
        ("categories", tuple((f"another_{band}", str(band)) for band in range(BANDS))),
    ],
)
def test_another_definition_is_not_averaged_nor_compared(name: str, value: tuple[object, ...]) -> None:
    """Weeks in which the figure meant something else are neither added nor compared with it."""
    now, other = week(60, 500), week(200, 500)
    other = replace(other, measure=other.measure.model_copy(update={name: value}))
    found = offered(now, other, week(200, 500), week(200, 500))
    assert found is not None
    assert found.of == "parent"
    assert since_previous(week(200, 500), week(210, 500), BOTH, LOW)
    assert not since_previous(week(200, 500), other, BOTH, LOW)


def test_four_weeks_have_half_the_noise_to_overcome() -> None:
    """The floor over four weeks is that of a quarter of the noise variance, and no other."""
    now = week(60)
    people_sd = np.sqrt(LAYOUT.variance(BOTH) * BANDS)
    for above, of in ((0.01, "four_weeks"), (-0.01, None)):
        mean = 100 + people_sd / 2 + above
        rest = (4 * mean - 60) / 3
        found = offered(now, week(rest), week(rest), week(rest))
        assert (found.of if found else None) == of


def test_larger_groups_come_nearest_first() -> None:
    """Of two dimensions one is dropped first, that of less noise before the other; everyone comes last."""
    quiet_age = layout_of({"region": 2, "age": 3}, {(): 5.0, BOTH: 5.0, ("region",): 50.0, ("age",): 1.0})
    quiet_region = layout_of({"region": 2, "age": 3}, {(): 5.0, BOTH: 5.0, ("age",): 50.0, ("region",): 1.0})
    assert parents(quiet_age, BOTH) == [("age",), ("region",), ()]
    assert parents(quiet_region, BOTH) == [("region",), ("age",), ()]
    assert parents(layout_of({"region": 2, "age": 3}, {BOTH: 1.0, ("age",): 1.0}), ("age",)) == []


def test_the_first_group_that_is_readable_is_offered() -> None:
    """Age band (two such cohorts) and region (three) are passed over where they lie under the floor as well."""
    for others, of in ((200, ("age",)), (30, ("region",)), (15, ())):
        found = offered(week(60, others))
        assert found is not None
        assert (found.of, found.table, found.cohort) == ("parent", of, ("0",) * len(of))


def test_nothing_is_offered_where_nothing_is_readable() -> None:
    """With everyone under the floor, and over four weeks too, there is nothing."""
    assert offered(week(20, 5), week(20, 5), week(20, 5), week(20, 5)) is None


def test_no_larger_group_replaces_a_number_of_people() -> None:
    """How many people a larger group has is not offered; over four weeks the cohort's own number is."""
    assert offered(week(60, 500), headline=PEOPLE) is None
    found = offered(week(60), week(200), week(200), week(200), headline=PEOPLE)
    assert found is not None
    assert found.figure.estimate == pytest.approx(165, abs=1e-4)


def tall_floor() -> Plan:
    """Return a plan under which 900 people are withheld in one week and shown over four, and 3,000 always shown.

    The noise of a cohort's number has a deviation of 20 people: -1000 and 140 of it are 1,800, and 400 over four weeks.
    """
    plan = plan_of()
    display = plan.display.model_copy(update={"floor_people": Decimal(-1000), "floor_noise_sds": Decimal(140)})
    return plan.model_copy(update={"display": display})


def republish(home: Home, contracts: Contracts) -> None:
    """Publish what the ledger holds."""
    with home.open() as ledger:
        publish(ledger.entries(), ledger.cells, home.published, contracts.published)


def measures(home: Home, name: str) -> pl.DataFrame:
    """Return a release's measures."""
    data = (home.published / "releases" / PRODUCT / f"{name}-r0" / "measures.parquet").read_bytes()
    return pl.read_parquet(io.BytesIO(data))


def test_what_is_offered_is_published_and_follows_from_the_noisy_cells(tmp_path: Path, contracts: Contracts) -> None:
    """The fourth week offers four weeks, the third the larger group; whoever has the files can make them again."""
    home = new_home(tmp_path / "home")
    home.draw("2024-W10", "2024-W11", "2024-W12", "2024-W13", plan=tall_floor())
    republish(home, contracts)
    with home.open() as ledger:
        south = [
            figures_of(entry, ledger.cells(entry))[0].cells[("region", "age"), ("south", "young")].categories
            for entry in ledger.entries()
        ]
    wanted = {"table": "region_by_age", "cohort": "south/young", "headline": "low_share"}
    third, fourth = (measures(home, name).filter(**wanted).to_dicts()[0] for name in ("2024-W12", "2024-W13"))
    assert (third["instead"], third["instead_table"], third["instead_cohort"]) == ("parent", "all", "all")
    assert (fourth["instead"], fourth["instead_table"], fourth["instead_cohort"]) == (
        "four_weeks",
        "region_by_age",
        "south/young",
    )
    assert fourth["estimate"] is None
    mean = np.mean(south, axis=0)
    assert fourth["instead_estimate"] == pytest.approx(100 * mean[0] / mean.sum(), abs=1e-5)
    assert fourth["instead_people"] == pytest.approx(mean.sum(), abs=1e-5)
    assert fourth["instead_shown_low"] <= fourth["instead_noise_low"] < fourth["instead_estimate"]
    assert "withheld for this week. Over the four weeks to 31 March 2024:" in fourth["sentence"]
    assert all(check.ok for check in verify_published(home.published))


def test_a_week_that_is_drawn_late_changes_no_later_release(tmp_path: Path, contracts: Contracts) -> None:
    """A release offers what the ledger held at its own entry: a gap that is filled later stays a gap for it."""
    home = new_home(tmp_path / "late")
    home.draw("2024-W10", "2024-W11", "2024-W13", plan=tall_floor())
    republish(home, contracts)
    before = measures(home, "2024-W13")
    assert "four_weeks" not in set(before["instead"])
    home.draw("2024-W12", "2024-W14", plan=tall_floor())
    republish(home, contracts)
    assert measures(home, "2024-W13").equals(before)
    assert "four_weeks" in set(measures(home, "2024-W14")["instead"])


def test_a_shown_figure_offers_nothing_else(tmp_path: Path, contracts: Contracts) -> None:
    """Only withheld figures have a fallback, whole or not at all."""
    home = new_home(tmp_path / "home")
    home.draw("2024-W10", "2024-W11", "2024-W12", "2024-W13", plan=tall_floor())
    republish(home, contracts)
    frame = measures(home, "2024-W13")
    shown, withheld = (frame.filter((pl.col("reliability") == "withheld") == is_held) for is_held in (False, True))
    assert set(shown["instead"]) == {""}
    columns = [name for name in frame.columns if name.startswith("instead_")]
    for name in columns:
        assert (frame[name].is_null() == (frame["instead"] == "")).all()
    assert set(withheld["instead"]) == {"", "four_weeks", "parent"}


def test_periods_that_are_no_weeks_offer_larger_groups_only(tmp_path: Path, contracts: Contracts) -> None:
    """Four periods of four weeks are not four weeks."""
    home = new_home(tmp_path / "home")
    plan = plan_of(cadence="four_weeks").model_copy(update={"display": tall_floor().display})
    home.draw("2024-P02", "2024-P03", "2024-P04", "2024-P05", plan=plan)
    republish(home, contracts)
    assert "four_weeks" not in set(measures(home, "2024-P05")["instead"])
