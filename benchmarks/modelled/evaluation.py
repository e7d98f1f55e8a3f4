"""What is measured on the regimes: rows of many services and drawings of noise, and what they say together.

Every seed is fixed, so the same code gives the same numbers.
"""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import polars as pl

from benchmarks.modelled.readings import readings
from benchmarks.modelled.regimes import REGIMES, WEEKS
from benchmarks.modelled.rows import rows, with_underlying
from benchmarks.modelled.services import Service, of_regime

SEED = 2026
"""Of the noise."""


@dataclass(frozen=True)
class Effort:
    """How much is measured."""

    regimes: tuple[str, ...] = REGIMES
    weeks: int = WEEKS
    seeds: int = 5
    """Services of each regime: other people, and groups that differ in other ways."""
    drawings: int = 3
    """Of noise, for each service."""
    others: int = 12
    """Services of the same groups and other people, whose mean is the underlying figure of each of them."""
    read: int = 2
    """How many of these are read, with one drawing of noise each."""
    processes: int = 1


def errors(effort: Effort) -> pl.DataFrame:
    """Return the rows of all services, with the columns `regime`, `seed` and `drawing`."""
    return _of_all(partial(_errors_of, effort), effort)


def _errors_of(effort: Effort, regime: str) -> pl.DataFrame:
    place, found = REGIMES.index(regime), []
    for seed in range(1, effort.seeds + 1):
        service = of_regime(regime, seed, effort.weeks)
        found += [
            rows(service, [SEED, place, seed, drawing]).with_columns(
                regime=pl.lit(regime), seed=pl.lit(seed), drawing=pl.lit(drawing)
            )
            for drawing in range(effort.drawings)
        ]
    return pl.concat(found)


def chosen(effort: Effort) -> pl.DataFrame:
    """Return the rows of services of the same groups and other people, with the columns `underlying` and `regime`."""
    return _of_all(partial(_chosen_of, effort), effort)


def _chosen_of(effort: Effort, regime: str) -> pl.DataFrame:
    services = _others(effort, regime)
    return pl.concat(
        with_underlying(
            rows(service, [SEED, 100 + REGIMES.index(regime), number]), [*services[:number], *services[number + 1 :]]
        ).with_columns(regime=pl.lit(regime), others=pl.lit(number))
        for number, service in enumerate(services)
    )


def _others(effort: Effort, regime: str) -> list[Service]:
    return [of_regime(regime, 1, effort.weeks, others=number + 1) for number in range(effort.others)]


def read(effort: Effort) -> pl.DataFrame:
    """Return what a reader gets of the first of these services, with the columns `regime` and `others`."""
    return _of_all(partial(_read_of, effort), effort)


def _read_of(effort: Effort, regime: str) -> pl.DataFrame:
    services = _others(effort, regime)
    return pl.concat(
        readings(
            services[number],
            [*services[:number], *services[number + 1 :]],
            [SEED, 100 + REGIMES.index(regime), number],
        ).with_columns(regime=pl.lit(regime), others=pl.lit(number))
        for number in range(effort.read)
    )


def _of_all(one: partial[pl.DataFrame], effort: Effort) -> pl.DataFrame:
    if effort.processes == 1:
        return pl.concat(map(one, effort.regimes))
    # A forked process may find the threads of Polars locked.
    with ProcessPoolExecutor(effort.processes, get_context("spawn")) as pool:
        return pl.concat(pool.map(one, effort.regimes))
