"""The participant's notice: the facts of contracts and plan, filled into `templates/notice.j2`.

A sentence for every column that is kept, or a refusal; every figure that is published; the odds of the plan's cap.
"""

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from analytics.contracts import Contract, Contracts, Grid, Plan, Product
from analytics.disclosure.one_entry import entry_nano
from analytics.disclosure.parts import PACKAGE, Notice, days, kept_as_value, listed, parsed, times
from analytics.disclosure.words import COLUMNS, HELD_DAYS, WORDS, plain
from analytics.errors import ContractRefusedError
from analytics.odds import (
    FALSE_ALARMS_IN_100,
    HOUSEHOLDS,
    group_nano,
    odds,
    promise_in_words,
    recognised_in_100,
    rounded_up,
)
from analytics.templating import environment

_MOST_NAMES = 6
"""How many figures or classes of a measure are named one by one."""

_WORDS_A_LINE = 8
"""How many factors are in one item of a list, so that it can be read."""


@dataclass(frozen=True)
class KeptGroup:
    """What is kept of one kind of record."""

    about: str
    """The contract's name."""
    sentences: tuple[str, ...]


class MeasureInWords(NamedTuple):
    """A measure as the notice says it."""

    label: str
    figures: str
    classes: str
    groups: str


class ProductInWords(NamedTuple):
    """A product as the notice says it."""

    cadence: str
    label: str
    measures: tuple[MeasureInWords, ...]


def notice_of(contracts: Contracts) -> Notice:
    """Return what a participant should read before they opt in; change a contract and it changes.

    Raises:
        ContractRefusedError: if a contract keeps something that the notice has no sentence for.
    """
    plan = contracts.plan
    result = odds(plan.cap_nano)
    templates = environment(PACKAGE)
    templates.finalize = kept_as_value
    text = templates.get_template("notice.j2").render(
        service=contracts.service,
        plan=plan,
        words=WORDS,
        days=days,
        times=times,
        held_days=HELD_DAYS,
        kept=_kept(contracts),
        factors=_factors(contracts.mood_entry),
        bounded=_bounded(plan),
        products=[_product(one, contracts) for one in plan.products.values()],
        guessing=FALSE_ALARMS_IN_100,
        recognised=[each.recognised_in_100 for each in result],
        recognised_by_loss_alone=[each.recognised_in_100_by_zcdp_alone for each in result],
        promise=promise_in_words(plan.cap_nano),
        households=[(many, _in_100(group_nano(plan.cap_nano, many))) for many in HOUSEHOLDS],
        one_entry=_in_100(entry_nano(plan)),
        which_record=_in_100(_swapped(plan)),
        rho=f"{plan.cap_rho.normalize():f}",
        fingerprint=plan.fingerprint(contracts.grid)[:12],
    )
    return parsed(text)


def _bounded(plan: Plan) -> list[tuple[str, int]]:
    """Return label and number of the products that count a person in at most so many releases of any 53 weeks."""
    products = plan.products.values()
    return [(one.label, one.most_releases_per_person) for one in products if one.most_releases_per_person is not None]


def _kept(contracts: Contracts) -> list[KeptGroup]:
    """Return a sentence for each column, in the contract that has it first."""
    said: set[str] = set()
    incoming = (contracts.mood_entry, contracts.questionnaire_total, contracts.participant, contracts.consent_event)
    abouts = ("mood_entry", "questionnaire_total", "participant", "consent_event")
    groups = []
    for about, contract in zip(abouts, incoming, strict=True):
        groups.append(KeptGroup(about, tuple(_sentences(contract, contracts.grid, said))))
        said.update(contract.columns)
    return [group for group in groups if group.sentences]


def _sentences(contract: Contract, grid: Grid, said: set[str]) -> Iterable[str]:
    for name, column in contract.columns.items():
        if name in grid.dimensions:
            dimension = grid.dimensions[name]
            yield f"{dimension.label}: {listed(tuple(dimension.keys.values()), 'or')}."
        elif name not in COLUMNS:
            reason = f"the participant's notice has no sentence for the column '{name}'"
            raise ContractRefusedError(contract.file, "schema.0.properties", reason)
        elif name not in said:
            allowed = tuple(sorted(plain(value) for value in column.allowed or ("any",)))
            yield environment(PACKAGE).from_string(COLUMNS[name]).render(allowed=listed(allowed, "or"))


def _factors(mood_entry: Contract) -> list[str]:
    allowed = mood_entry["factors"].allowed
    if allowed is None:
        reason = "without a list of words, the participant's notice cannot say what is kept"
        raise ContractRefusedError(mood_entry.file, "schema.0.properties", f"factors: {reason}")
    words = sorted(plain(value) for value in allowed)
    return [", ".join(words[start : start + _WORDS_A_LINE]) for start in range(0, len(words), _WORDS_A_LINE)]


def _product(product: Product, contracts: Contracts) -> ProductInWords:
    return ProductInWords(
        product.cadence,
        product.label,
        tuple(_measure(name, tables, contracts) for name, tables in product.tables.items()),
    )


def _measure(name: str, tables: tuple[tuple[str, ...], ...], contracts: Contracts) -> MeasureInWords:
    measure, dimensions = contracts.plan.measures[name], contracts.grid.dimensions
    return MeasureInWords(
        measure.label,
        _some(tuple(headline.label for headline in measure.headlines.values()), "figures"),
        _some(tuple(measure.categories.values()), "classes"),
        listed(tuple(" with ".join(dimensions[one].label for one in table) or "everyone together" for table in tables)),
    )


def _some(names: tuple[str, ...], what: str) -> str:
    """Return all names, or of more than can be read three and how many there are."""
    return listed(names) if len(names) <= _MOST_NAMES else f"{'; '.join(names[:3])} and so on, {len(names)} {what}"


def _in_100(rho_nano: int) -> int:
    return int(rounded_up(recognised_in_100(rho_nano)))


def _swapped(plan: Plan) -> int:
    """Return the most that may be lost, in nano-rho, about which of two records is a known participant's.

    The loss grows with the square of how far the two can lie apart: twice the longest column's square in two cohorts,
    and in one cohort as far as two columns of a basis do.
    """
    farthest = Fraction(2)
    for one in (frozen for product in (plan.frozen or {}).values() for frozen in product.values()):
        columns = list(zip(*one.basis, strict=True))
        longest = max(sum(number**2 for number in column) for column in columns)
        for mine, other in itertools.combinations(columns, 2):
            square = sum((a - b) ** 2 for a, b in zip(mine, other, strict=True))
            farthest = max(farthest, Fraction(square, longest))
    return math.ceil(farthest * plan.cap_nano)
