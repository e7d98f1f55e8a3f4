"""What a planner reads in one minute: what changes most, since when, how sure we are, and about how many people."""

from dataclasses import dataclass

from analytics.trends.publication.published import Published
from analytics.wording import cut
from dashboard.reading.figures import EVERYONE, PEOPLE, Choice, PublishedFigure, trend
from dashboard.reading.findings import PublishedSignal, is_tested, signals, states
from dashboard.reading.modelled import modelled_one
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.blocks import Card, Table, link_to
from dashboard.views.grid import grid, withheld_groups

_LATEST = 26
"""The periods of a small line: half a year of weeks."""


@dataclass(frozen=True)
class Summary:
    """The first page."""

    title: str
    """The one sentence."""
    detail: str
    """The same with its numbers and intervals; empty where there are none."""
    cards: tuple[Card, ...]
    sure: tuple[str, ...]
    counted: tuple[str, ...]
    do: tuple[str, ...]
    do_not: tuple[str, ...]
    grid: Table
    withheld: tuple[str, ...]


def summary(words: Words, published: Published, choice: Choice) -> Summary:
    """Return the first page for the chosen figure and group; the strongest change is looked for in all groups."""
    found = signals(published, choice)
    strongest = strongest_change(choice, found)
    people = choice.of(choice.measure, PEOPLE)
    cards = [_card(words, published, choice, found)]
    if strongest is not None:
        there = choice.of(strongest.measure, strongest.headline, strongest.table, strongest.cohort)
        if there != choice:
            cards.append(_card(words, published, there, found))
    cards.append(_card(words, published, people, found))
    return Summary(
        title=_title(words, published, choice, strongest),
        detail=_detail(words, published, choice, strongest, found),
        cards=tuple(cards),
        sure=_sure(words, published, choice),
        counted=_counted(words, published, choice),
        do=_do(words, choice, strongest, found),
        do_not=tuple(words(f"summary.do_not.{name}") for name in ("rank", "cause")),
        grid=grid(words, published, choice),
        withheld=tuple(withheld_groups(words, published, choice)),
    )


def strongest_change(choice: Choice, found: list[PublishedSignal]) -> PublishedSignal | None:
    """Return the change that is largest against its own interval, of the chosen measure's moods.

    Numbers of people have their own card. Groups of two dimensions come after the larger ones that hold them.
    """
    tables = choice.card.measures[choice.measure].tables
    moods = [one for one in found if one.measure == choice.measure and one.headline != PEOPLE]
    own = [one for one in moods if one.headline == choice.headline] or moods
    large = [one for one in own if len(tables[one.table].dimensions) <= 1] or own
    return max(large, key=lambda one: one.strength, default=None)


def _title(words: Words, published: Published, choice: Choice, strongest: PublishedSignal | None) -> str:
    if strongest is None:
        when = words.days(choice.release.first_day, choice.release.last_day)
        tested = "summary.none" if is_tested(published, choice) else "summary.not_tested"
        return words(tested, figure=naming.figure_label(words, choice), days=when)
    there = choice.of(strongest.measure, strongest.headline, strongest.table, strongest.cohort)
    return words(
        f"summary.{strongest.direction}",
        subject=naming.subject(words, there),
        since=words.day(strongest.since, choice.release.last_day),
    )


def _detail(
    words: Words, published: Published, choice: Choice, strongest: PublishedSignal | None, found: list[PublishedSignal]
) -> str:
    if strongest is None:
        return words("summary.no_change_means") if is_tested(published, choice) else words("summary.history_needed")
    there = choice.of(strongest.measure, strongest.headline, strongest.table, strongest.cohort)
    figure = modelled_one(published, there)
    parts: list[str] = []
    if figure is not None and figure.value is not None and figure.shown is not None:
        amount = words.amount(figure.value, figure.unit)
        between = words.span(figure.shown.low, figure.shown.high, figure.unit)
        among = words.label(there.among) if there.kind == "share" else ""
        parts.append(words("summary.now", amount=f"{amount} {among}".strip(), between=between))
        if figure.against_rest is not None:
            rest = figure.against_rest
            said = naming.difference_short(words, rest.verdict, rest.value, rest.interval, figure.unit)
            parts.append(words("summary.against_rest", difference=said))
    else:
        said = naming.difference(words, strongest.direction, strongest.change, strongest.interval, strongest.unit)
        parts.append(words("summary.than_before", difference=said))
    if moved := _moved(words, choice, found, strongest):
        parts.append(words("summary.moves", groups=words.listed(moved)))
    return " ".join(parts)


def _moved(words: Words, choice: Choice, found: list[PublishedSignal], strongest: PublishedSignal) -> list[str]:
    """Return the groups of other tables whose figure changes in the same direction: the strongest is part of them."""
    if strongest.table == EVERYONE:
        return []
    tables = choice.card.measures[choice.measure].tables
    return [
        naming.cohort_label(words, choice, it.table, it.cohort)
        for it in found
        if (it.measure, it.headline, it.direction) == (strongest.measure, strongest.headline, strongest.direction)
        and it.table != strongest.table
        and len(tables[it.table].dimensions) <= 1
    ]


def _card(words: Words, published: Published, choice: Choice, found: list[PublishedSignal]) -> Card:
    """Return the figure of one group: modelled where the release has it, else as it was published."""
    label = words("summary.card", figure=naming.figure_label(words, choice), group=naming.group_label(words, choice))
    figures = [it for it in trend(published, choice, choice.table, choice.cohort) if it.period <= choice.release.period]
    points = tuple(cut(it.estimate, it.unit) for it in figures[-_LATEST:] if it.estimate is not None)
    link = link_to("trends" if choice.headline != PEOPLE else "people", choice)
    shown = modelled_one(published, choice)
    if shown is not None and shown.value is not None and shown.shown is not None:
        value, ends, unit = shown.value, shown.shown, shown.unit
    else:
        plain = figures[-1] if figures and figures[-1].period == choice.release.period else None
        if plain is None or plain.estimate is None or plain.shown is None:
            return Card(label, words("summary.withheld"), "", _why_not(words, plain), points, link)
        value, ends, unit = plain.estimate, plain.shown, plain.unit
    return Card(
        label=label,
        value=words.amount(value, unit) if unit != "persons" else words.number(max(value, 0.0), unit),
        interval=words.span(ends.low, ends.high, unit),
        change=_change(words, published, choice, found),
        points=points,
        link=link,
    )


def _why_not(words: Words, plain: PublishedFigure | None) -> str:
    return words("summary.not_released") if plain is None else words("summary.too_few")


def _change(words: Words, published: Published, choice: Choice, found: list[PublishedSignal]) -> str:
    """Return since when the figure is higher or lower, or that no change was found, or that nothing was looked for."""
    series = (choice.measure, choice.headline, choice.table, choice.cohort)
    own = next((one for one in found if (one.measure, one.headline, one.table, one.cohort) == series), None)
    if own is not None:
        since = words.day(own.since, choice.release.last_day)
        return words(f"summary.card_{own.direction}", since=since)
    if not is_tested(published, choice):
        return words("state.too_little_history_long")
    # Others of the figure may be tested though this one is not: its own numbers are withheld, or too few so far.
    state = states(published, choice).get(series, "withheld")
    if state == "withheld":
        return words("patterns.state.withheld")
    return words("summary.card_no_change" if state == "no_change" else "state.too_little_history_long")


def _sure(words: Words, published: Published, choice: Choice) -> tuple[str, ...]:
    lines = [words("summary.sure.intervals")]
    if is_tested(published, choice):
        lines.append(words("summary.sure.signals"))
    return tuple(lines)


def _counted(words: Words, published: Published, choice: Choice) -> tuple[str, ...]:
    people = choice.of(choice.measure, PEOPLE)
    figure = modelled_one(published, people)
    if figure is None or figure.value is None or figure.shown is None:
        return (words("summary.counted.who"),)
    amount = words.amount(max(figure.value, 0.0), "persons")
    return (words("summary.counted.people", amount=amount), words("summary.counted.who"))


def _do(
    words: Words, choice: Choice, strongest: PublishedSignal | None, found: list[PublishedSignal]
) -> tuple[str, ...]:
    lines: list[str] = []
    if strongest is not None and strongest.table != EVERYONE:
        there = choice.of(strongest.measure, strongest.headline, strongest.table, strongest.cohort)
        lines.append(words("summary.do.ask_group", group=naming.group_label(words, there)))
    elif strongest is not None:
        lines.append(words("summary.do.ask"))
    fewer = next((one for one in found if one.headline == PEOPLE and one.table == EVERYONE), None)
    if fewer is not None:
        lines.append(words(f"summary.do.people_{fewer.direction}"))
    return tuple(lines) or (words("summary.do.read"),)
