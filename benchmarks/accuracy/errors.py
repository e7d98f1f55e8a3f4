"""Absolute errors of every way over populations and draws, their quantiles, and how sure these are.

The unit of repetition is a population with all its draws, so that the Monte-Carlo error holds what populations differ.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from analytics.contracts import Grid
from analytics.layout import Array, Dimensions
from analytics.simulation.draws import Flags
from benchmarks.accuracy import ours, practice
from benchmarks.accuracy.figures import Figures, counted_persons
from benchmarks.accuracy.population import Population

WAYS = ("usual", "usual, persons", "gaussian", "gaussian, persons", "identity", "frozen")
"""Of the ways that count entries, errors against the truth of entries (at most 7 a person and week), and against the
truth in which persons count equally. The project's own are against the latter."""

QUANTILES = (0.5, 0.95)


@dataclass(frozen=True)
class Estimate:
    """A figure from several populations, with its Monte-Carlo standard error."""

    value: float
    error: float


@dataclass
class Errors:
    """What was found: per table and way one array a population, of (draw, week and cell) by headline."""

    absolute: dict[Dimensions, dict[str, list[Array]]] = field(default_factory=lambda: defaultdict(dict))
    people: dict[Dimensions, list[Array]] = field(default_factory=lambda: defaultdict(list))
    """The true numbers of people of the cells."""
    shown: dict[Dimensions, list[float]] = field(default_factory=lambda: defaultdict(list))
    """The part of cells that the display rule shows under `frozen`."""
    loss_nano: set[int] = field(default_factory=set)
    """What the noise engine certified for all weeks of a draw, in nano-rho."""

    def quantile(self, table: Dimensions, way: str, headline: int, q: float) -> Estimate:
        """Return a quantile of the absolute error."""
        return _estimate([float(np.quantile(one[:, headline], q)) for one in self.absolute[table][way]])

    def ratio(self, table: Dimensions, way: str, headline: int, q: float) -> Estimate:
        """Return how many times larger the quantile is than under `frozen`."""
        both = (self.absolute[table][one] for one in (way, "frozen"))
        pairs = zip(*both, strict=True)
        return _estimate([float(np.divide(*(np.quantile(one[:, headline], q) for one in pair))) for pair in pairs])


def _estimate(values: list[float]) -> Estimate:
    spread = float(np.std(values, ddof=1)) if len(values) > 1 else math.nan
    return Estimate(float(np.mean(values)), spread / math.sqrt(len(values)))


def found(populations: Iterable[Population], grid: Grid, tables: tuple[Dimensions, ...], repetitions: int) -> Errors:
    """Draw every way `repetitions` times from each population; cells without anybody have no truth and are left out."""
    errors = Errors()
    designs = {"identity": ours.identity_equal(grid, tables), "frozen": ours.frozen(grid, tables)}
    noises = {"usual": practice.laplace(len(tables)), "gaussian": practice.gaussian(len(tables))}
    for population in populations:
        persons = counted_persons(population, grid, tables)
        sums = practice.Entries(population, grid, tables)
        entries = sums.drawn(practice.none)
        for way, noise in noises.items():
            drawn = [sums.drawn(noise) for _ in range(repetitions)]
            _add(errors, way, drawn, entries)
            _add(errors, f"{way}, persons", drawn, persons)
        for way, design in designs.items():
            shares = ours.Shares(population, design)
            releases = [shares.drawn() for _ in range(repetitions)]
            _add(errors, way, [release.figures for release in releases], persons)
            if way == "frozen":
                errors.loss_nano |= {release.loss_nano for release in releases}
                for table, truth in persons.items():
                    errors.people[table].append(truth[..., 0][_somebody(truth)])
                    shown = [release.shown[table][_somebody(truth)] for release in releases]
                    errors.shown[table].append(float(np.mean(shown)))
    return errors


def _add(errors: Errors, way: str, drawn: list[Figures], truths: Figures) -> None:
    for table, truth in truths.items():
        absolute = [np.abs(figures[table] - truth)[_somebody(truth)] for figures in drawn]
        errors.absolute[table].setdefault(way, []).append(np.concatenate(absolute))


def _somebody(truth: Array) -> Flags:
    somebody: Flags = truth[..., 0] > 0
    return somebody
