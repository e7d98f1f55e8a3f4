"""Attacks on published files, each by the best attacker of its kind, beside the most that any attacker could do.

Each member is in a cohort of three of their own: two people who are always there, and the one that the attacker asks
about. Each release spends a whole year's loss of the shipped plans, so that there is something to see.
An attacker fixes the threshold from the public law of the noise, at 5 false alarms in 100. A drill passes where the
members found lie, within the error of counting, at what theory says this attack can find, and not above the bound of
`analytics.odds` for the loss of all releases that it looks at.
"""

import math
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from analytics.audit import binomial, gaussian
from analytics.audit.effort import Effort
from analytics.audit.harness import AuditPerson, FloatArray, Harness, PublishedFiles, open_harness
from analytics.audit.scenarios import (
    MEASURE,
    PERIODS,
    Tables,
    audit_contracts,
    cohorts_of,
    member,
    narrowed,
    periods,
    worst_category,
)
from analytics.audit.scores import scores
from analytics.cells import NoisyCells
from analytics.contracts import Contracts, read_contracts, shipped_contracts
from analytics.evidence import Evidence
from analytics.odds import FALSE_ALARMS_IN_100, recognised_in_100
from analytics.periods import Period
from analytics.store.chain import Entry
from analytics.trends.estimation.estimates import estimates_of, layout_of

MEMBERS = 32
OTHERS = 2
"""People of the member's cohort who are always there."""

TABLES: Tables = (("region",), ("region", "age_band"))

ODDS = 1e-9
"""How seldom counting alone fails a drill."""

_INTERVAL = 0.05
"""The interval in a row of evidence holds 95 %."""


@dataclass(frozen=True)
class AttackScores:
    """An attacker's scores where the answer is no and where it is yes, in standard deviations from a no."""

    no: FloatArray
    yes: FloatArray
    expected: float
    """The mu with which theory says the attack sees."""


@dataclass(frozen=True)
class PairedScores:
    """Scores of pairs of weeks, release by release: shape (pairs, members) each."""

    first: FloatArray
    second: FloatArray


def drilled(  # noqa: PLR0913 -- the texts of a row, what was found, what it may cost
    name: str, shows: str, found: AttackScores, loss_nano: int, extra: str = "", *, holds: bool = True
) -> Evidence:
    """Return a drill's row: what was found at 5 in 100 false alarms, what was expected, and the bound."""
    threshold = gaussian.NORMAL.inv_cdf(1 - FALSE_ALARMS_IN_100 / 100)
    alarms, seen = (int((each > threshold).sum()) for each in (found.no, found.yes))
    trials = found.yes.size
    low, high = binomial.interval(trials, seen, _INTERVAL)
    least, most = binomial.interval(trials, seen, ODDS)
    false_low, false_high = binomial.interval(found.no.size, alarms, ODDS)
    expected = gaussian.seen(found.expected, FALSE_ALARMS_IN_100 / 100)
    bound = recognised_in_100(loss_nano) / 100
    passed = holds and least <= min(expected, bound) and expected <= most
    passed = passed and false_low <= FALSE_ALARMS_IN_100 / 100 <= false_high
    result = f"found {100 * seen / trials:.1f} in 100 members (95 %: {100 * low:.1f} to {100 * high:.1f}) at "
    result += f"{100 * alarms / found.no.size:.1f} false alarms; this attack's theory: {100 * expected:.1f}{extra}"
    bounded = f"at most {100 * bound:.1f} in 100 for the loss of all releases looked at; odds {ODDS:g}"
    return Evidence(
        name=name, shows=shows, trials=trials + found.no.size, seed=None, result=result, bound=bounded, passed=passed
    )


def _people(contracts: Contracts, mine: list[Period], weeks: list[Period], *, present: bool) -> list[AuditPerson]:
    plan = contracts.plan
    others = [member(number, plan, weeks, other=other) for number in range(MEMBERS) for other in range(1, OTHERS + 1)]
    return others + ([member(number, plan, mine) for number in range(MEMBERS)] if present else [])


def _scores(published: PublishedFiles, contracts: Contracts) -> FloatArray:
    return scores(published, [cohorts_of(number) for number in range(MEMBERS)], worst_category(contracts.plan), OTHERS)


def _pairs(values: list[FloatArray]) -> PairedScores:
    joined = np.array(values)
    return PairedScores(joined[:, 0::2].reshape(-1), joined[:, 1::2].reshape(-1))


def checks(folder: Path, effort: Effort) -> list[Evidence]:
    """Attack, and hold what was found to the bound."""
    return [each for part in (weeks_checks, withdrawal_checks, year_checks) for each in part(folder, effort)]


def weeks_checks(folder: Path, effort: Effort) -> list[Evidence]:
    """Attack releases in which members come and go, asked for again and again."""
    contracts = audit_contracts(MEMBERS, TABLES)
    weeks = periods(PERIODS)
    absent, absent_files = _drawn(folder / "absent", contracts, weeks, effort, present=False)
    odd, odd_files = _drawn(folder / "odd", contracts, weeks[0::2], effort, present=True)
    nobody, there = (
        _pairs([_scores(one, contracts) for one in absent]),
        _pairs([_scores(one, contracts) for one in odd]),
    )
    loss = max(entry.loss_nano for one in absent + odd for entry in one.entries)
    mu, root = gaussian.mu_of(loss), math.sqrt(2)
    same = absent_files and odd_files
    again = (
        f"; {effort.asked_again} times asked again, all files the same bytes"
        if same
        else "; FILES CHANGED when asked again"
    )
    return [
        drilled(
            "attack: differencing weeks",
            "A member of one week and not the next, by the difference of both weeks, all else unknown but unchanged",
            AttackScores((nobody.first - nobody.second) / root, (there.first - there.second) / root, mu / root),
            2 * loss,
        ),
        drilled(
            "attack: differencing weeks, all else known",
            "The same by the likelihood ratio of both weeks, everybody else's data known",
            AttackScores(nobody.first, there.first, mu),
            2 * loss,
        ),
        drilled(
            "attack: averaging over re-runs",
            "Asking for a release again and averaging what comes gives what one release gives",
            AttackScores(nobody.first, there.first, mu),
            loss,
            again,
            holds=same,
        ),
        _small_cohorts(absent, odd, loss, contracts),
    ]


def withdrawal_checks(folder: Path, effort: Effort) -> list[Evidence]:
    """Attack a withdrawal between two releases."""
    return [_withdrawal(folder, audit_contracts(MEMBERS, TABLES), periods(PERIODS), effort)]


def year_checks(folder: Path, effort: Effort) -> list[Evidence]:
    """Attack whole years of the small plan, where the effort is for them."""
    return [_whole_year(folder, effort.years)] if effort.years else []


def _drawn(
    folder: Path, contracts: Contracts, mine: list[Period], effort: Effort, *, present: bool
) -> tuple[list[PublishedFiles], bool]:
    """Return what is published of one side, and whether asking again ever changed a byte of it."""
    weeks = periods(PERIODS)
    found, same = [], True
    with open_harness(folder, contracts, _people(contracts, mine, weeks, present=present)) as opened:
        for _ in range(effort.drill_ledgers):
            with opened.ledger() as ledger:
                first = ledger.release(weeks)
                again = [ledger.release(weeks) for _ in range(effort.asked_again)]
            same = same and all(one.files == first.files for one in again)
            # What an attacker has after asking again: the mean of all answers.
            mean = np.mean([one.values for one in (first, *again)], axis=0)
            found.append(PublishedFiles(first.cells, mean, first.entries, {}))
    return found, same


def _withdrawal(folder: Path, contracts: Contracts, weeks: list[Period], effort: Effort) -> Evidence:
    """Members of two weeks, of whom one side withdraws between the two releases; who did?"""
    before, after = weeks[0::2], weeks[1::2]
    sides: dict[bool, PairedScores] = {}
    kept, loss = True, 0
    for leaves in (False, True):
        with open_harness(folder / "withdrawal", contracts, _people(contracts, weeks, weeks, present=True)) as opened:
            firsts, seconds, unchanged = _around(opened, before, after, effort.drill_ledgers, leaves=leaves)
        kept = kept and unchanged
        loss = max(entry.loss_nano for one in firsts for entry in one.entries)
        values = [np.concatenate([_scores(one, contracts) for one in each]).reshape(-1) for each in (firsts, seconds)]
        sides[leaves] = PairedScores(*values)
    root = math.sqrt(2)
    no, yes = ((sides[leaves].first - sides[leaves].second) / root for leaves in (False, True))
    result = "; the first week's files stayed the same bytes" if kept else "; THE FIRST WEEK'S FILES CHANGED"
    return drilled(
        "attack: differencing a withdrawal",
        "Who withdrew between two releases, by their difference; the release before is never drawn again",
        AttackScores(no, yes, gaussian.mu_of(loss) / root),
        2 * loss,
        result,
        holds=kept,
    )


def _around(
    opened: Harness, before: list[Period], after: list[Period], number: int, *, leaves: bool
) -> tuple[list[PublishedFiles], list[PublishedFiles], bool]:
    """Return what is published before and after a withdrawal, and whether the former's files stayed as they were."""
    with ExitStack() as open_ledgers:
        ledgers = [open_ledgers.enter_context(opened.ledger()) for _ in range(number)]
        firsts = [ledger.release(before) for ledger in ledgers]
        if leaves:
            opened.ingest("withdrawals", [f"member-{place}-0" for place in range(MEMBERS)])
        again = [ledger.release(before) for ledger in ledgers]
        unchanged = all(one.files == other.files for one, other in zip(firsts, again, strict=True))
        return firsts, [ledger.release(after) for ledger in ledgers], unchanged


def _small_cohorts(
    absent: list[PublishedFiles], odd: list[PublishedFiles], loss: int, contracts: Contracts
) -> Evidence:
    """Two or three people in a cohort, by the best linear estimate from all tables, other cohorts unknown."""
    category = worst_category(contracts.plan)
    two, three = (np.concatenate([_people_in(one, category)[0::2] for one in side]).ravel() for side in (absent, odd))
    layout = layout_of(absent[0].entries[0], MEASURE)
    error = math.sqrt(layout.variance(TABLES[-1]) / float(np.linalg.inv(layout.spread)[category, category]))
    off = float(np.sqrt(np.mean(np.concatenate([two - OTHERS, three - OTHERS - 1]) ** 2)))
    right = float((np.rint(three) == OTHERS + 1).mean())
    return drilled(
        "attack: reconstructing a cohort of three",
        "Three people in a cell or two, by the best linear estimate from all tables, other cohorts unknown",
        AttackScores((two - OTHERS) / error, (three - OTHERS) / error, 1 / error),
        loss,
        f"; off by {off:.2f} people (theory {error:.2f}), rounded right in {100 * right:.0f} of 100",
    )


def _people_in(published: PublishedFiles, category: int) -> FloatArray:
    """Return the estimated people of each member's cell, known to be all in one category: by release and member."""
    found = []
    for number, values in enumerate(published.values):
        entry = published.entries[number]
        estimates = estimates_of(entry, _cells(entry, values), MEASURE)
        regions = entry.body.keys["region"]
        known = np.linalg.inv(estimates.layout.spread)[category]
        cells = [estimates.tables[TABLES[-1]][regions.index(f"r{place}"), 0] for place in range(MEMBERS)]
        found.append([float(known @ cell / known[category]) for cell in cells])
    return np.array(found)


def _cells(entry: Entry, values: FloatArray) -> NoisyCells:
    """Return published values, in the order of `cells.parquet`, by table."""
    keys = {name: len(keys) for name, keys in entry.body.keys.items()}
    rows = {one.name: len(one.basis) for one in entry.body.measures}
    vectors, first = {}, 0
    for key in entry.tables:
        size = rows[key.measure] * math.prod(keys[name] for name in key.dimensions)
        vectors[key] = tuple(round(value) for value in values[first : first + size])
        first += size
    return NoisyCells(vectors)


def _whole_year(folder: Path, years: int) -> Evidence:
    """A member of every period of a year of the small plan as it ships, everybody else's data known."""
    shipped = read_contracts(shipped_contracts(), "small")
    contracts = replace(shipped, plan=narrowed(shipped.plan, next(iter(shipped.plan.products)), MEASURE))
    weeks = [Period("four_weeks", 2024, number) for number in range(1, 14)]
    category = worst_category(contracts.plan)
    someone = AuditPerson("member", "north", category + 1, tuple(weeks))
    others = [AuditPerson(f"other-{number}", "north", category + 1, tuple(weeks)) for number in range(OTHERS)]
    sides, loss = [], 0
    for name, people in (("without", others), ("with", [someone, *others])):
        with open_harness(folder / name, contracts, people) as opened:
            published = [opened.released(weeks) for _ in range(years)]
        cohorts = [frozenset({"all", "north", "25-34"})]
        sides.append(
            np.array([scores(one, cohorts, category, OTHERS).sum() for one in published]) / math.sqrt(len(weeks))
        )
        loss = sum(entry.loss_nano for entry in published[0].entries)
    return drilled(
        "attack: a whole year of the small plan",
        "A member of all of a year's releases as they ship, by the likelihood ratio of all of them",
        AttackScores(sides[0], sides[1], gaussian.mu_of(loss)),
        loss,
    )
