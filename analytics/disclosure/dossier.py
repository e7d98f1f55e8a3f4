"""The dossier's generated parts: the numbers in `docs/privacy/`, between marks, made from plan and evidence."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analytics.contracts import Plan
from analytics.disclosure.others import others
from analytics.disclosure.record import TableNoise, rho
from analytics.errors import UnforeseenError
from analytics.evidence import Evidence
from analytics.odds import lattice_gap, odds


@dataclass(frozen=True)
class Policy:
    """One plan with its noise."""

    plan: Plan
    noise: tuple[TableNoise, ...]


def with_block(page: str, name: str, block: str) -> str:
    """Return `page` with the text between the marks of `name` replaced.

    Raises:
        UnforeseenError: if the page does not have these marks exactly once.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    marked = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if page.count(begin) != 1 or page.count(end) != 1 or not marked.search(page):
        message = f"The page does not have the marks of '{name}' exactly once."
        raise UnforeseenError(message, f"Put {begin} and {end} back where the generated part belongs.")
    return marked.sub(lambda _: f"{begin}\n\n{block.strip()}\n\n{end}", page)


def with_evidence(page: str, rows: Iterable[object]) -> str:
    """Return the evidence page with a new table; `rows` are evidence, or objects as a JSON file holds them.

    Raises:
        ValidationError: if a row is not a whole `Evidence`.
        UnforeseenError: if the page has lost its marks.
    """
    table = [row if isinstance(row, Evidence) else Evidence.model_validate(row) for row in rows]
    return with_block(page, "evidence", evidence_block(table))


def evidence_block(rows: Sequence[Evidence]) -> str:
    """Return the evidence as a table, in the order given."""
    return _table(
        ("name", "shows", "trials", "seed", "result", "bound", "passed"),
        [
            (
                row.name,
                row.shows,
                f"{row.trials:,}",
                "-" if row.seed is None else str(row.seed),
                row.result,
                row.bound,
                "yes" if row.passed else "**no**",
            )
            for row in rows
        ],
    )


def promise_block(plan: Plan, epsilon: Mapping[tuple[int, float], float]) -> str:
    """Return the promise's table: loss, epsilon and both odds after one, three and five years.

    `epsilon` is by years and delta.
    """
    deltas = sorted({delta for _, delta in epsilon}, reverse=True)
    return _table(
        (
            "after",
            "rho",
            *(f"epsilon at delta {delta:g}" for delta in deltas),
            "recognised of 100, Gaussian noise",
            "recognised of 100, from zCDP alone",
            "guessing",
        ),
        [
            (
                f"{each.years} year{'s' * (each.years > 1)}",
                rho(each.years * plan.cap_nano),
                *(f"{epsilon[each.years, delta]:.2f}" for delta in deltas),
                str(each.recognised_in_100),
                str(each.recognised_in_100_by_zcdp_alone),
                str(each.guessing),
            )
            for each in odds(plan.cap_nano)
        ],
    )


def others_block(plans: Iterable[Plan]) -> str:
    """Return the odds of households, and of one entry, per plan: of whom, rho, and both odds."""
    rows = [
        (
            plan.name,
            each.whom,
            rho(each.rho_nano),
            str(each.odds.recognised_in_100),
            str(each.odds.recognised_in_100_by_zcdp_alone),
            str(each.odds.guessing),
        )
        for plan in plans
        for each in others(plan)
    ]
    return _table(
        (
            "plan",
            "of whom",
            "rho",
            "recognised of 100, Gaussian noise",
            "recognised of 100, from zCDP alone",
            "guessing",
        ),
        rows,
    )


def noise_block(policies: Iterable[Policy]) -> str:
    """Return what each shipped plan draws: releases, loss, integers, and how far whole numbers are from Gaussian."""
    rows = []
    for policy in policies:
        for name in policy.plan.products:
            noise = [each for each in policy.noise if each.product == name]
            most = max(each.touches for each in noise)
            gap = lattice_gap((most * each.integers, each.sigma) for each in noise)
            rows.append(
                (
                    policy.plan.name,
                    name,
                    str(most),
                    rho(sum(each.loss_nano for each in noise)),
                    str(sum(each.integers for each in noise)),
                    f"{min(each.sigma / each.d_in for each in noise):.2f}",
                    f"{gap:.0e}",
                )
            )
    return _table(
        (
            "plan",
            "product",
            "releases that 366 days of logging touch, at most",
            "rho a release",
            "integers a release",
            "sigma / d_in, at least",
            "lattice gap in 366 days of logging",
        ),
        rows,
    )


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(_escaped, line))} |" for line in lines)


def _escaped(cell: str) -> str:
    return " ".join(cell.split()).replace("|", "\\|")
