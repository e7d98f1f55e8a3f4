"""The notice on what is published, how well a participant is hidden in it, and why it stays."""

import itertools
import math
from fractions import Fraction

from analytics.contracts import Contracts, Plan, Product
from analytics.disclosure.one_entry import entry_nano
from analytics.disclosure.parts import Block, Section, bounded, listed, times
from analytics.disclosure.words import CADENCES
from analytics.odds import (
    FALSE_ALARMS_IN_100,
    HOUSEHOLDS,
    group_nano,
    odds,
    promise_in_words,
    recognised_in_100,
    rounded_up,
)

_MOST_NAMES = 6
"""How many figures or classes of a measure are named one by one."""


_NUMBERS = {2: "two", 3: "three", 4: "four"}


def published(contracts: Contracts) -> Section:
    """Return the plan's figures, how often they come and by which groups."""
    products: list[Block] = []
    for product in contracts.plan.products.values():
        products += [f"{CADENCES[product.cadence]}, under the name “{product.label}”:", _tables(product, contracts)]
    return Section(
        "What is published",
        (
            "Only figures about groups are published. They are these, and no others:",
            *products,
            "In each of these periods a person counts once, however often they log.",
            *(
                f"Under the name “{label}”, you count {times(most)} in any 53 weeks at most. Others leave you out."
                for label, most in bounded(contracts.plan)
            ),
            (
                "Before anyone sees a number, chance makes it a little larger or smaller on purpose. This is called "
                "noise. It helps to hide whether any one person is in the number."
            ),
            (
                "The noise is as large for a small group as for a large one. Figures of groups that are too small "
                "for it are left out."
            ),
            (
                "The numbers behind the figures are published, too, so that anyone can check them. That is so for "
                "small groups as well. Those numbers hold the same noise, and the odds below cover them."
            ),
        ),
    )


def _tables(product: Product, contracts: Contracts) -> tuple[str, ...]:
    dimensions = contracts.grid.dimensions
    lines: list[str] = []
    for name, tables in product.tables.items():
        measure = contracts.plan.measures[name]
        figures = tuple(headline.label for headline in measure.headlines.values())
        classes = tuple(measure.categories.values())
        lines.append(f"{measure.label}. The figures are: {_some(figures, 'figures')}.")
        lines.append(f"They are made from these classes: {_some(classes, 'classes')}.")
        groups = tuple(" with ".join(dimensions[one].label for one in table) or "everyone together" for table in tables)
        lines.append(f"They are told for: {listed(groups)}.")
    return tuple(lines)


def _some(names: tuple[str, ...], what: str) -> str:
    """Return all names, or of more than can be read three and how many there are."""
    return listed(names) if len(names) <= _MOST_NAMES else f"{'; '.join(names[:3])} and so on, {len(names)} {what}"


def hidden(plan: Plan) -> Section:
    """Return the odds in words, what they mean, and what they do not cover."""
    result = odds(plan.cap_nano)
    one, three, five = (each.recognised_in_100 for each in result)
    warily = listed(tuple(str(each.recognised_in_100_by_zcdp_alone) for each in result))
    guess = FALSE_ALARMS_IN_100
    return Section(
        "How well you are hidden",
        (
            "This is the promise, in the words that are used everywhere:",
            promise_in_words(plan.cap_nano),
            (
                "Here is what that means. Think of someone who knows you and guesses that you take part. They guess "
                "in the same way about many people: 100 who do take part, you among them, and 100 who do not."
            ),
            (
                f"They do not mind being wrong about {guess} in the 100 who do not. By guessing alone, they would "
                f"then be right about {guess} in the 100 who do. With all the figures of one year, they could be "
                f"right about {one} in 100 at most."
            ),
            (
                f"With the figures of three years it is {three} in 100 at most. With five years it is {five} in 100. "
                "This holds even if they know everything about everyone else."
            ),
            (
                "These sums use the shape of the noise, which we know since we draw it. Done more warily, without "
                f"its shape, they give {warily} in 100."
            ),
            (
                "You may live with others who take part. A household is not hidden as well as one person. Someone may "
                "guess that all of you take part. With the figures of one year, they could then be right about this "
                "many at most:"
            ),
            tuple(
                f"{_in_100(group_nano(plan.cap_nano, many))} in 100, for {_NUMBERS[many]} people" for many in HOUSEHOLDS
            ),
            (
                "Each single entry is hidden, too. Someone may know that you take part, and all the rest that you "
                f"logged. They guess whether you logged one thing on one day, or what. There, {guess} in 100 by "
                f"guessing can become {_in_100(entry_nano(plan))} at most."
            ),
            "The odds do not cover these things:",
            (
                (
                    "Someone who knows for sure that you take part. They may ask which of two kinds of year you had. "
                    f"There, {guess} in 100 by guessing can become {_in_100(_swapped(plan))} at most."
                ),
                (
                    "What is learned about groups. If people in your group often feel low, someone may think the "
                    "same of you, whether you take part or not."
                ),
                "What you tell other people yourself, and what others publish about you.",
                "Two accounts. If you log under two ids, you count as two people and are hidden less well.",
                (
                    "Someone who breaks into the service's computer, or misuses their access to it. Until your "
                    "entries are deleted, they could see the entries themselves."
                ),
            ),
        ),
    )


def _in_100(rho_nano: int) -> int:
    return int(rounded_up(recognised_in_100(rho_nano)))


def _swapped(plan: Plan) -> int:
    """Return the most that may be lost, in nano-rho, about which of two records is a known participant's.

    The loss grows with the square of how far the two can lie apart: twice the longest column's square in two cohorts,
    and in one cohort as far as two columns of a basis do.
    """
    times = Fraction(2)
    for one in (frozen for product in (plan.frozen or {}).values() for frozen in product.values()):
        columns = list(zip(*one.basis, strict=True))
        longest = max(sum(number**2 for number in column) for column in columns)
        for mine, other in itertools.combinations(columns, 2):
            times = max(times, Fraction(sum((a - b) ** 2 for a, b in zip(mine, other, strict=True)), longest))
    return math.ceil(times * plan.cap_nano)


def stays() -> Section:
    """Return what a withdrawal does not change."""
    return Section(
        "What stays published, and why",
        (
            "Figures that are out stay out. They were made so that they are nearly the same with you or without you.",
            (
                "To make them again without you, your entries would be needed once more. The old and the new figures "
                "side by side would then say more about you, not less."
            ),
        ),
    )
