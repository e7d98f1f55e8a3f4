"""A card for each measure: its figures with intervals, and what looking for changes found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.trends.publication.published import Published
from dashboard.reading.figures import PEOPLE, Choice
from dashboard.reading.findings import PublishedSignal, State, signals, states
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.blocks import Link, link_to
from dashboard.views.profile import conclusions, profile, short_label
from dashboard.views.shown import OfGroup, number_cell

_FIGURES = 2
"""How many figures a card has; the chosen measure has all of them below."""

Series = tuple[str, str, str, str]


@dataclass(frozen=True)
class PatternCard:
    """One measure of one group."""

    label: str
    lines: tuple[str, ...]
    state: State
    change: str
    """What looking for changes found, in words."""
    link: Link
    is_chosen: bool


@dataclass(frozen=True)
class Cards:
    """Every measure of the product, in the order of the plan: with a card, or by name where it has no figure."""

    cards: tuple[PatternCard, ...]
    withheld: tuple[str, ...]


def cards(words: Words, published: Published, group: OfGroup) -> Cards:
    """Return the cards of the chosen group."""
    choice = group.choice
    tested = states(published, choice)
    changes = {(it.measure, it.headline, it.table, it.cohort): it for it in signals(published, choice)}
    made: list[PatternCard] = []
    withheld: list[str] = []
    for measure, about in choice.card.measures.items():
        lines = _lines(words, group, measure) if choice.table in about.tables else []
        if lines:
            found = _findings(choice, measure, tested, changes)
            made.append(_card(words, choice, measure, tuple(lines), found))
        else:
            withheld.append(words.label(about.label))
    return Cards(tuple(made), tuple(withheld))


def _findings(
    choice: Choice, measure: str, tested: Mapping[Series, State], changes: Mapping[Series, PublishedSignal]
) -> tuple[State, list[PublishedSignal]]:
    """Return what looking for changes found of a measure's figures; its number of people is on its own page."""
    series = [(measure, name, choice.table, choice.cohort) for name in _names(choice, measure)]
    changed = [changes[one] for one in series if one in changes]
    state = changed[0].direction if changed else _together([tested.get(one, "withheld") for one in series])
    return state, changed


def _card(
    words: Words, choice: Choice, measure: str, lines: tuple[str, ...], found: tuple[State, list[PublishedSignal]]
) -> PatternCard:
    state, changed = found
    return PatternCard(
        label=words.label(choice.card.measures[measure].label),
        lines=lines,
        state=state,
        change="; ".join(_change(words, choice, one) for one in changed) or words(f"patterns.state.{state}"),
        link=link_to("patterns", choice.of(measure, _names(choice, measure)[0], choice.table, choice.cohort)),
        is_chosen=measure == choice.measure,
    )


def _names(choice: Choice, measure: str) -> list[str]:
    return [name for name in choice.card.measures[measure].headlines if name != PEOPLE] or [PEOPLE]


def _lines(words: Words, group: OfGroup, measure: str) -> list[str]:
    """Return the figures of a card; of a measure with a level of chance, which figures differ from it."""
    points = profile(words, group, measure)
    if points:
        furthest = max(points, key=lambda one: abs(one.found.value - one.found.level))
        return [
            words("patterns.line", figure=furthest.label, value=furthest.text),
            *conclusions(words, measure, points),
        ]
    names = _names(group.choice, measure)
    found = [(name, number_cell(words, group.shown(measure, name))) for name in names[:_FIGURES]]
    return [
        words("patterns.line", figure=short_label(words, group.choice, measure, name), value=value)
        for name, value in found
        if value
    ]


def _together(found: Sequence[State]) -> State:
    """Return what is said of several series without a change: that none was found where at least one was tested."""
    order: tuple[State, ...] = ("no_change", "too_little_history")
    return next((state for state in order if state in found), "withheld")


def _change(words: Words, choice: Choice, change: PublishedSignal) -> str:
    label = short_label(words, choice, change.measure, change.headline)
    since = naming.spell(words, change, choice.cadence, choice.release.last_day)
    return words(f"patterns.changed.{change.direction}", figure=label, since=since)
