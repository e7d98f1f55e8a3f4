"""The published rows of many invented releases: what each is, and whether its intervals held the truth."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analytics.audit.harness import FloatArray
from analytics.audit.invented import SEED, Scenario, entry_of, releases
from analytics.store.chain import Entry
from analytics.trends.estimation.estimates import layout_of
from analytics.trends.estimation.figures import MeasureFigures, figures_of, people_floor
from analytics.trends.publication.card import card_of
from analytics.trends.publication.rows import rows_of

COMPARISONS = ("", "since_previous_", "against_all_")
"""A figure itself, its change since the period before, its difference from everyone; as columns begin."""

_ENDS = [f"{one}{kind}_{end}" for one in COMPARISONS for kind in ("noise", "shown") for end in ("low", "high")]

Mask = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int_]


@dataclass(frozen=True)
class RowShape:
    """What each published row is, in their order."""

    headline: tuple[str, ...]
    """Its kind: people, share or mean."""
    table: tuple[tuple[str, ...], ...]
    floor: FloatArray
    """The noisy people, of those whom the figure is of, from which it is shown."""
    expected: FloatArray
    """The people expected in its cohort."""
    everyone: Positions
    """The position of the same headline of everyone."""

    def shown(self, people: list[float]) -> Mask:
        """Say which rows the display rule shows, given their cohorts' noisy numbers of people."""
        return np.asarray(np.array(people, dtype=np.float64) >= self.floor)

    def is_rollup(self) -> Mask:
        """Say which rows are of tables that a finer table of the plan also sums up to."""
        return np.array([any(set(one) < set(other) for other in set(self.table)) for one in self.table])


def _shape(entry: Entry, scenario: Scenario) -> RowShape:
    (measure,) = scenario.plan.measures.values()
    kinds = [headline.kind for headline in measure.headlines.values()]
    wholes = [np.array(headline.whole, dtype=np.float64) for headline in measure.headlines.values()]
    layout = layout_of(entry, next(iter(scenario.plan.measures)))
    headlines: list[str] = []
    tables: list[tuple[str, ...]] = []
    floors: list[float] = []
    expected: list[float] = []
    for table in scenario.tables:
        people = scenario.summed(scenario.rates, table).sum(axis=1)
        for number in people:
            headlines.extend(kinds)
            tables.extend([table] * len(kinds))
            floors.extend(people_floor(layout, table, entry.body.display, whole) for whole in wholes)
            expected.extend([number] * len(kinds))
    first = scenario.tables.index(())
    everyone = np.arange(len(headlines)) % len(kinds) + first
    return RowShape(tuple(headlines), tuple(tables), np.array(floors), np.array(expected), everyone)


def _in_the_wholes(figures: list[MeasureFigures]) -> list[float]:
    """Return for each published row the noisy number of people in what its figure is of."""
    return [
        float(np.array(headline.whole) @ cell.categories)
        for one in figures
        for cell in one.cells.values()
        for headline in one.measure.headlines
    ]


@dataclass(frozen=True)
class IntervalRows:
    """The intervals of many releases, one column per published row: whether they held, nan where there is none."""

    held: dict[tuple[str, str], FloatArray]
    """By comparison and kind of interval; 1, 0 or nan."""
    published: dict[str, Mask]
    """By comparison: which of them the display rule would have shown."""
    cells: FloatArray
    """By release, the share of published single cells within their own noise's limits."""


def repeated(folder: Path, scenario: Scenario, repetitions: int) -> tuple[IntervalRows, RowShape]:
    """Return the intervals of `repetitions` releases, each compared with the one before."""
    rng = np.random.default_rng(SEED + 1)
    entry = entry_of(folder, scenario)
    shape = _shape(entry, scenario)
    display = {**entry.body.display, "floor_people": "-1e12"}
    everything = replace(entry, text=entry.body.model_copy(update={"display": display}).text)
    underlying, card = scenario.figures(scenario.rates), card_of(everything)
    held: dict[tuple[str, str], list[FloatArray]] = {
        (one, kind): [] for one in COMPARISONS for kind in ("noise", "shown")
    }
    published: dict[str, list[Mask]] = {one: [] for one in COMPARISONS}
    within: list[float] = []
    before: tuple[list[MeasureFigures], FloatArray, Mask] | None = None
    for people, cells, inside in releases(scenario, rng, repetitions + 1):
        figures, actual = figures_of(everything, cells), scenario.figures(people)
        rows = list(rows_of(everything, card, figures, [before[0]] if before else []))
        ends = np.array([[row[end] for end in _ENDS] for row in rows], dtype=np.float64)
        shown = shape.shown(_in_the_wholes(figures))
        if before is not None:
            truths = {
                "": (actual, underlying),
                "since_previous_": (actual - before[1], 0 * underlying),
                "against_all_": (actual - actual[shape.everyone], underlying - underlying[shape.everyone]),
            }
            for number, (one, kind) in enumerate(held):
                truth = truths[one][kind == "shown"]
                low, high = ends[:, 2 * number], ends[:, 2 * number + 1]
                held[one, kind].append(
                    np.where(np.isnan(low) | np.isnan(truth), np.nan, (low <= truth) & (truth <= high))
                )
            for one, mask in (("", shown), ("since_previous_", shown & before[2]), ("against_all_", shown & shown[0])):
                published[one].append(mask)
            within.append(inside)
        before = figures, actual, shown
    return IntervalRows(
        {slot: np.array(each) for slot, each in held.items()},
        {one: np.array(each) for one, each in published.items()},
        np.array(within),
    ), shape
