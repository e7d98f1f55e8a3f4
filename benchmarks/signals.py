"""How often a quiet population gives a signal, and how soon a planted change does: whole releases, real noise law.

    .venv/bin/python benchmarks/signals.py [POPULATIONS]

Services of 20,000 people a week under the standard plan, every table of it, 26 weeks. Quiet: nothing happens; a release
counts as a false alarm if it has any signal at all, of 183 series and four rules. Power: low mood of one region rises
for good in the fourteenth week; found is a signal of that region's low mood, upwards, by the fourth or eighth week.
Prints shares with their Monte-Carlo standard errors. About eight minutes for the default of 100.
"""

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics.cells import NoisyCells, TableKey
from analytics.contracts import MICRO, read_contracts, shipped_contracts
from analytics.layout import Array
from analytics.periods import Period
from analytics.release.draw import described
from analytics.store.chain import GENESIS, Entry
from analytics.trends.estimation.figures import figures_of
from analytics.trends.monitoring.detection import Detection, detect
from analytics.trends.monitoring.series import History, Points, Series

PRODUCT, MEASURE = "weekly_mood", "mood_bands"
PEOPLE = 20_000
BANDS = np.array([0.08, 0.16, 0.26, 0.32, 0.18])
LOW = 2
REGIONS = (1_000, 3_000, 10_000, 2_000, 2_000, 1_600, 400)
AGES = (0.2, 0.3, 0.25, 0.15, 0.08, 0.02)
SERVICES = (0.4, 0.25, 0.2, 0.13, 0.02)
FIRST = Period.parse("2024-W01")
CHANGE_WEEK = 13
"""Counted from 0: the first week of a planted change."""


@dataclass(frozen=True)
class Quiet:
    """What varies though nothing happens."""

    name: str
    sampling: bool = True
    """Whether other people log each week, or always the same."""
    common: float = 0.0
    """Standard deviation, in points of low mood, of what moves everyone together in a week."""
    own: float = 0.0
    """The same for each region by itself."""
    autocorrelation: float = 0.0
    """How much of a week's deviation stays in the next (first-order autocorrelation)."""


QUIET = (
    Quiet("same people, noise alone", sampling=False),
    Quiet("others log each week"),
    Quiet("and weeks differ by 1 point, regions by 1", common=1.0, own=1.0),
    Quiet("and weeks differ by 2 points, regions by 2", common=2.0, own=2.0),
    Quiet("and weeks differ by 5 points, regions by 5", common=5.0, own=5.0),
    Quiet("as by 2 points, half of it lasting a week more", common=2.0, own=2.0, autocorrelation=0.5),
    Quiet("as by 2 points, four fifths lasting a week more", common=2.0, own=2.0, autocorrelation=0.8),
    Quiet("as by 1 point, nine tenths lasting a week more", common=1.0, own=1.0, autocorrelation=0.9),
)


class World:
    """The standard plan's public facts, and releases made of invented counts."""

    def __init__(self) -> None:
        """Read the plan that the program brings."""
        contracts = read_contracts(shipped_contracts(), "standard")
        self.plan, self.grid = contracts.plan, contracts.grid
        frozen = (self.plan.frozen or {})[PRODUCT][MEASURE]
        self.basis = np.array(frozen.basis, dtype=np.float64)
        self.body = described(self.plan, self.grid, PRODUCT, FIRST)

    def entry(self, period: Period) -> Entry:
        """Return a ledger entry as far as figures need one."""
        return Entry.chained(1, GENESIS, self.body.model_copy(update={"period": period.name}).text)

    def noisy(self, counts: Array, generator: np.random.Generator) -> NoisyCells:
        """Return noisy cells of counts (region x age band x service x band), as a draw would."""
        vectors: dict[TableKey, tuple[int, ...]] = {}
        axes = {"region": 0, "age_band": 1, "service": 2}
        for table in self.body.tables:
            dimensions = table.dimensions
            sums = counts.sum(axis=tuple(axis for name, axis in axes.items() if name not in dimensions))
            exact = (sums.reshape(-1, counts.shape[-1]) @ self.basis.T).ravel() * MICRO
            noise = generator.normal(scale=table.sigma, size=exact.shape)
            vectors[TableKey(MEASURE, dimensions)] = tuple(int(value) for value in np.rint(exact + noise))
        return NoisyCells(vectors)


def weeks(
    quiet: Quiet, planted: tuple[int, float] | None, generator: np.random.Generator, last: int
) -> Iterator[Array]:
    """Yield true counts week by week; `planted` is (region, points of low mood) from `CHANGE_WEEK` on."""
    sizes = np.einsum("i,j,k->ijk", REGIONS, AGES, SERVICES)
    common, own = 0.0, np.zeros(len(REGIONS))
    for week in range(last):
        fresh = math.sqrt(1 - quiet.autocorrelation**2)
        common = quiet.autocorrelation * common + fresh * generator.normal(scale=quiet.common)
        own = quiet.autocorrelation * own + fresh * generator.normal(scale=quiet.own, size=len(REGIONS))
        shift = common + own
        if planted and week >= CHANGE_WEEK:
            shift[planted[0]] += planted[1]
        low = np.clip(BANDS[:LOW].sum() + shift / 100, 0.01, 0.99)
        chances = np.empty((len(REGIONS), len(BANDS)))
        chances[:, :LOW] = BANDS[:LOW] / BANDS[:LOW].sum() * low[:, None]
        chances[:, LOW:] = BANDS[LOW:] / BANDS[LOW:].sum() * (1 - low[:, None])
        rates = sizes[..., None] * chances[:, None, None, :]
        yield generator.poisson(rates).astype(np.float64) if quiet.sampling else rates


def releases(
    world: World, quiet: Quiet, planted: tuple[int, float] | None, generator: np.random.Generator, judged: list[int]
) -> Iterator[tuple[int, dict[Series, Detection]]]:
    """Yield the verdicts of the weeks in `judged`, counted from 0."""
    history, period = History(), FIRST
    for week, counts in enumerate(weeks(quiet, planted, generator, judged[-1] + 1)):
        entry = world.entry(period)
        history.add(entry, figures_of(entry, world.noisy(counts, generator)))
        if week in judged:
            series: dict[Series, Points] = history.up_to(entry)
            yield week, detect(series, period, None)
        period = period.next


def false_alarms(world: World, quiet: Quiet, populations: int) -> dict[str, float]:
    """Return the share of quiet populations' releases that have a signal, and of their series that break a rule."""
    generator = np.random.default_rng(20240101)
    alarms, broken, series = [], 0, 0
    for _ in range(populations):
        found = []
        for _, detections in releases(world, quiet, None, generator, [10, 19, 25]):
            found.append(any(detection.signal for detection in detections.values()))
            series += sum(bool(detection.tested) for detection in detections.values())
            broken += sum(bool(detection.breaks) for detection in detections.values())
        alarms.append(sum(found) / len(found))
    spread = float(np.std(alarms, ddof=1)) / math.sqrt(populations) if populations > 1 else math.nan
    return {"alarms": float(np.mean(alarms)), "error": spread, "broken": broken / series}


def power(world: World, quiet: Quiet, region: int, points: float, populations: int) -> dict[str, float]:
    """Return how often a planted change is found within four and eight weeks, and how many signals there are false."""
    generator = np.random.default_rng(20240102)
    key = world.grid.keys("region")[region]
    by_four = by_eight = signals = false = intervals = held = 0
    for _ in range(populations):
        first = math.inf
        for week, detections in releases(world, quiet, (region, points), generator, list(range(13, 21))):
            found = [(one, detection.signal) for one, detection in detections.items() if detection.signal]
            signals += len(found)
            false += sum(not _is_true(one, signal.direction, key) for one, signal in found)
            for one, signal in found:
                if (one.table, one.cohort, one.headline, signal.direction) == ("region", key, "low_share", "higher"):
                    first = min(first, week)
                    if signal.rule == "outside":
                        intervals, held = intervals + 1, held + (signal.low <= points <= signal.high)
        by_four += first < CHANGE_WEEK + 4
        by_eight += first < CHANGE_WEEK + 8
    return {
        "by_four": by_four / populations,
        "by_eight": by_eight / populations,
        "false": false / max(signals, 1),
        "intervals": intervals,
        "held": held / max(intervals, 1),
    }


def _is_true(series: Series, direction: str, region: str) -> bool:
    """Say whether what a signal says has happened: a change of mood, in the region or in a group that it is part of."""
    if series.headline == "people" or (series.headline == "low_share") != (direction == "higher"):
        return False
    return series.table in {"all", "age_band", "service"} or series.cohort.split("/")[0] == region


def said(*lines: str) -> None:
    """Print at once: this takes minutes."""
    sys.stdout.write("\n".join((*lines, "")))
    sys.stdout.flush()


def main() -> None:
    """Print both tables."""
    populations = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    world = World()
    said(f"{'quiet population':50} {'releases with a signal':>24} {'series that break a rule':>26}")
    for quiet in QUIET:
        found = false_alarms(world, quiet, populations)
        said(f"{quiet.name:50} {found['alarms']:14.3f} +/- {found['error']:.3f} {found['broken']:26.3f}")
    heads = ("people", "points", "by week 4", "by week 8", "false signals", "intervals that hold")
    said("", f"{heads[0]:>7} {heads[1]:>7} {heads[2]:>10} {heads[3]:>10} {heads[4]:>14} {heads[5]:>20}")
    few = max(populations // 4, 5)
    calm = [(QUIET[1], region, points) for region in range(3) for points in (3.0, 5.0, 10.0)]
    for quiet, region, points in (*calm, *((restless, 2, 10.0) for restless in QUIET[2:])):
        found = power(world, quiet, region, points, few)
        held = f"{found['held']:.3f} of {found['intervals']:.0f}"
        said(
            f"{REGIONS[region]:7} {points:7.0f} {found['by_four']:10.2f} {found['by_eight']:10.2f} "
            f"{found['false']:14.3f} {held:>20}   {quiet.name}"
        )
    said(f"Of {few} populations each: a share's standard error is at most {0.5 / math.sqrt(few):.2f}.")


if __name__ == "__main__":
    main()
