"""The comparison as lines of Markdown: what the columns mean, a table a population, and what was aimed at."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from analytics.contracts import table_name
from analytics.layout import Dimensions
from analytics.release.noise import epsilon
from benchmarks.accuracy.errors import QUANTILES, WAYS, Errors, Estimate
from benchmarks.accuracy.figures import HEADLINES
from benchmarks.accuracy.population import WEEKS

REGION: Dimensions = ("region",)
PEER_TABLES: tuple[Dimensions, ...] = (REGION, ("age_band",), ("service",))
"""The peers measured no table of everyone."""
TABLES: tuple[Dimensions, ...] = ((), *PEER_TABLES)
PEOPLE = (1_000, 10_000, 100_000)

TIMES_AIMED_AT = {"usual": 10, "gaussian": 3}
"""How many times larger the others' regional low share and mean mood should be off."""

PEERS_MEASURED = ("50 / 192", "worthless", "0.3 / 1.9")
"""Of five systems at epsilon 2, by headline, beside the truth of entries so bounded."""
PEERS_AIMED_AT = ((17, 51), (1.6, 5), (0.045, 0.19))
"""By headline, the median and the 95th percentile that this project should stay within on their data."""

COLUMNS = """\
A cell is the median / 95th percentile of |released - truth| over the weeks and cohorts of a table in which anybody
logged, each with its Monte-Carlo standard error over populations. `usual` (Laplace) and `gaussian` (zCDP) count
entries, at most 7 a person and week, in parts of the budget that are even over queries and weeks; they stand beside the
truth of entries so bounded and, as `persons`, beside the truth in which persons count equally. Next to the latter is
this project: each band measured by itself and every table alike (`identity`), or as the plan is frozen (`frozen`).
Shown: the part of cohorts that this project would show; errors are of all. What no data could give (a share above
100 %, a mean above 5) becomes the nearest that they could, in all ways."""


def report(simulations: dict[tuple[Dimensions, ...], dict[int, Errors]], peers: Errors) -> Iterator[str]:
    """Yield all lines; of simulations without a table of everyone, only how they compare."""
    yield COLUMNS
    (loss,) = peers.loss_nano
    yield f"This project's {WEEKS} weeks: certified rho {loss / 1e9:.6f}, epsilon {epsilon(loss, 1e-6)} at delta 1e-6."
    for people, errors in simulations[TABLES].items():
        yield from ("", f"{people:,} people:", "", *_errors(errors, TABLES))
    yield from ("", "The peers' shape (20,000 people; no table of everyone):", "", *_errors(peers, PEER_TABLES))
    yield from ("", "Regions: how many times further off than `frozen`, median / 95th percentile:", "")
    named = {
        f"{people:,}{'' if () in tables else ', no table of everyone'}": errors
        for tables, by_people in simulations.items()
        for people, errors in by_people.items()
    } | {"the peers' shape": peers}
    yield from _table(["people", "headline", *_ways("aimed at")], _times(named))
    yield from ("", "Regions of the peers' shape:", "")
    yield from _table(["headline", "five systems", "aimed at", "frozen", ""], _beside_the_peers(peers))


def _errors(errors: Errors, tables: Sequence[Dimensions]) -> Iterator[str]:
    rows = [
        [
            table_name(table),
            f"{np.median(np.concatenate(errors.people[table])):.0f}",
            f"{100 * np.mean(errors.shown[table]):.0f} %",
            headline,
            *(_both([errors.quantile(table, way, number, q) for q in QUANTILES]) for way in WAYS),
        ]
        for table in tables
        for number, headline in enumerate(HEADLINES)
    ]
    return _table(["table", "people in a cell", "shown", "headline", *WAYS], rows)


def _ways(last: str) -> list[str]:
    return [name for way in TIMES_AIMED_AT for name in (way, f"{way}, persons", last)]


def _times(named: dict[str, Errors]) -> Iterator[list[str]]:
    for (name, errors), number in itertools.product(named.items(), (1, 2)):
        row = [name, HEADLINES[number]]
        for way, aim in TIMES_AIMED_AT.items():
            own, persons = (
                [errors.ratio(REGION, one, number, q) for q in QUANTILES] for one in (way, f"{way}, persons")
            )
            row += [_both(own), _both(persons), f"{aim}: {_met([one.value >= aim for one in own])}"]
        yield row


def _beside_the_peers(peers: Errors) -> Iterator[list[str]]:
    for number, headline in enumerate(HEADLINES):
        aims = PEERS_AIMED_AT[number]
        ours = [peers.quantile(REGION, "frozen", number, q) for q in QUANTILES]
        met = _met([one.value <= aim for one, aim in zip(ours, aims, strict=True)])
        yield [headline, PEERS_MEASURED[number], f"{aims[0]} / {aims[1]}", _both(ours), met]


def _met(flags: list[bool]) -> str:
    return " / ".join("met" if flag else "not met" for flag in flags)


def _both(pair: list[Estimate]) -> str:
    return " / ".join(f"{one.value:.3g} ±{float(f'{one.error:.1g}'):g}" for one in pair)


def _table(head: list[str], rows: Iterator[list[str]] | list[list[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(row)} |"
