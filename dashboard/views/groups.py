"""The groups of one table, each compared with everybody else, as it is judged: all groups of the table together.

A modelled figure is compared with all other people of the table, never with an average that the odd one has raised. A
release without modelled figures (older programs, too little history) compares the published figures with all
participants, and the page says so. Numbers of people are compared with nothing: groups are of different sizes.
"""

from dataclasses import dataclass

from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.published import Published
from dashboard.reading.figures import EVERYONE, Choice, overall
from dashboard.reading.modelled import modelled_one
from dashboard.reading.pairs import pairs
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.blocks import Table
from dashboard.views.compared import Against, Compared, Group, compared, mark_of
from dashboard.views.fallback import fallback_sentence
from dashboard.views.group_words import groups_alt, groups_axis, groups_below, groups_table, groups_title
from dashboard.views.grouping import grouping
from dashboard.views.odd_one import judged

ORDERS = ("plan", "value")


@dataclass(frozen=True)
class Groups:
    """The page of groups."""

    title: str
    lines: tuple[str, ...]
    """Everybody's figure, and what each group is compared with where it is not everybody else."""
    by: str
    order: str
    against: Against
    unit: str
    groups: tuple[Group, ...]
    """In the order of the chart; none where all are withheld."""
    held: tuple[str, ...]
    """The public names of the groups without a figure."""
    reading: str
    axis: str
    alt: str
    table: Table
    below: tuple[str, ...]
    """Withheld groups with their reason, caution, and how to read comparisons."""
    instead: tuple[str, ...]
    """What can be read instead of withheld groups."""
    pair_names: dict[str, str]
    """The groups that can be compared with one another, in words."""


def groups(words: Words, published: Published, choice: Choice, by: str = "", order: str = "") -> Groups | None:
    """Return the page for the chosen figure; None where the measure has no table that groups people."""
    table = grouping(choice, by)
    if not table:
        return None
    found = judged(compared(words, published, choice, table))
    is_sorted = order == ORDERS[1]
    drawn = tuple(sorted(found.groups, key=lambda one: one.figure, reverse=True)) if is_sorted else found.groups
    return Groups(
        title=groups_title(words, choice, found),
        lines=_lines(words, published, choice, found.against),
        by=table,
        order=ORDERS[is_sorted],
        against=found.against,
        unit=choice.unit,
        groups=drawn,
        held=found.held,
        reading=words(f"groups.reading_{found.against}"),
        axis=groups_axis(words, choice, found),
        alt=groups_alt(words, choice, found, drawn),
        table=groups_table(words, choice, found, drawn),
        below=groups_below(words, found),
        instead=_instead(words, choice, found),
        pair_names=_pair_names(published, choice, found),
    )


def pair_sentence(words: Words, published: Published, choice: Choice, table: str, pair: tuple[str, str]) -> str:
    """Return how two groups compare, with the interval, judged together with all pairs of the table."""
    one, other = pair
    first, second = (naming.cohort_label(words, choice, table, name) for name in pair)
    known = pairs(published, choice, table)
    found, sign = (known[pair], 1) if pair in known else (known.get((other, one)), -1)
    if found is None:
        return words("groups.pair_none", one=first, other=second)
    ends = found.difference.simultaneous
    low, high = sorted((sign * ends.low, sign * ends.high))
    less = Interval(low, high)
    said = naming.difference(words, mark_of(less), sign * found.difference.estimate, less, found.unit)
    return words("groups.pair", figure=naming.figure_label(words, choice), one=first, other=second, difference=said)


def _lines(words: Words, published: Published, choice: Choice, against: Against) -> tuple[str, ...]:
    said: list[str] = []
    everyone = choice.of(choice.measure, choice.headline)
    if EVERYONE in choice.card.measures[choice.measure].tables:
        own, plain = modelled_one(published, everyone), overall(published, everyone)
        value, shown = (own.value, own.shown) if own else (None, None)
        if value is None and plain is not None:
            value, shown = plain.estimate, plain.shown
        if value is not None and shown is not None:
            value = max(value, 0.0) if choice.unit == "persons" else value
            between = words.between(shown.low, shown.high, choice.unit)
            said.append(words("groups.everyone", amount=words.amount(value, choice.unit), between=between))
    if against == "all":
        said.append(words("groups.not_modelled"))
    return tuple(said)


def _instead(words: Words, choice: Choice, found: Compared) -> tuple[str, ...]:
    held = [found.plain[name] for name in found.held if name in found.plain]
    return tuple(filter(None, (fallback_sentence(words, choice, found.table, one) for one in held)))


def _pair_names(published: Published, choice: Choice, found: Compared) -> dict[str, str]:
    named = {name for pair in pairs(published, choice, found.table) for name in pair}
    return {name: label for name, label in found.labels.items() if name in named}
