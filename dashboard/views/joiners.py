"""Who joins, who leaves, who stays, and where logs come from: measures that another product may have."""

from dataclasses import dataclass

from analytics.trends.publication.published import Published, Release
from dashboard.reading.figures import PEOPLE, Choice, trend
from dashboard.texts.reasons import reason
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.blocks import Table, table
from dashboard.views.elsewhere import is_compared, of_measure
from dashboard.views.one_pattern import both_ways
from dashboard.views.shown import OfGroup, Shown, number_cell

_ATTENDANCE, _DAYS, _SAME, _SOURCES = "attendance", "days_logged", "change", "source_mix"
_LAPSED = "lapsed"
_ENOUGH = 3
"""From how many periods that can be compared on they are shown one below the other."""
_LATEST = 6


@dataclass(frozen=True)
class Part:
    """One part of the page: sentences, then tables."""

    lines: tuple[str, ...]
    tables: tuple[Table, ...]


def joiners(words: Words, published: Published, choice: Choice) -> Part | None:
    """Return who is new, returning and lapsed; over time only where the periods can be compared."""
    there = of_measure(published, choice, _ATTENDANCE)
    if there is None:
        return None
    group = OfGroup.read(published, there)
    names = _shares(there)
    found = {name: group.shown(_ATTENDANCE, name) for name in names}
    lines = [_of_when(words, there, choice)]
    tables = [_figures(words, there, found)]
    compared = [it for it in published.releases(there.product) if is_compared(published, there, it)]
    compared = [it for it in compared if it.period <= there.release.period]
    if len(compared) < _ENOUGH:
        lines.append(_too_short(words, published, there))
    else:
        tables.append(_periods(words, published, there, compared[-_LATEST:]))
    lines += [words("people.care", reason=reason(words, one)) for one in _reasons(found)]
    return Part(tuple(line for line in lines if line), tuple(tables))


def stayers(words: Words, published: Published, choice: Choice) -> Part | None:
    """Return how many log again, how often people log, and how the same people changed, beside everyone."""
    rows: list[tuple[str, ...]] = []
    lines: list[str] = []
    of: Choice | None = None
    attendance = of_measure(published, choice, _ATTENDANCE)
    if attendance is not None:
        of = attendance
        lapsed = OfGroup.read(published, attendance).shown(_ATTENDANCE, _LAPSED)
        if lapsed.value is not None and lapsed.interval is not None:
            ends = words.span(100 - lapsed.interval.high, 100 - lapsed.interval.low, lapsed.unit)
            again = words("patterns.cell", amount=words.amount(100 - lapsed.value, lapsed.unit), span=ends)
            rows.append((words("people.again"), again))
    for measure in (_DAYS, _SAME):
        there = of_measure(published, choice, measure)
        if there is None:
            continue
        of = there
        group = OfGroup.read(published, there)
        found = {name: group.shown(measure, name) for name in _shares(there)}
        rows += [_row(words, there, name, one) for name, one in found.items()]
        if measure == _SAME:
            lines += both_ways(words, measure, found)
    if of is None or not rows:
        return None
    columns = (words("patterns.column.figure"), naming.group_label(words, of))
    said = (_of_when(words, of, choice), words("people.same_people"), *lines)
    return Part(tuple(line for line in said if line), (table(words("people.stayers"), columns, rows),))


def sources(words: Words, published: Published, choice: Choice) -> Part | None:
    """Return where logs come from."""
    there = of_measure(published, choice, _SOURCES)
    if there is None:
        return None
    group = OfGroup.read(published, there)
    found = {name: group.shown(_SOURCES, name) for name in _shares(there)}
    return Part(tuple(line for line in (_of_when(words, there, choice),) if line), (_figures(words, there, found),))


def _shares(choice: Choice) -> list[str]:
    return [name for name in choice.card.measures[choice.measure].headlines if name != PEOPLE]


def _figures(words: Words, choice: Choice, found: dict[str, Shown]) -> Table:
    label = words.label(choice.card.measures[choice.measure].label)
    columns = (words("patterns.column.figure"), naming.group_label(words, choice))
    return table(label, columns, [_row(words, choice, name, one) for name, one in found.items()])


def _row(words: Words, choice: Choice, name: str, one: Shown) -> tuple[str, ...]:
    about = choice.card.measures[choice.measure].headlines[name]
    label = words("people.of", figure=words.label(about.label), among=words.label(about.among or ""))
    return label.rstrip(", "), number_cell(words, one) or words("state.withheld")


def _of_when(words: Words, there: Choice, choice: Choice) -> str:
    """Return of which series and period this is, where it is not the chosen one; and of whom, if not of the group."""
    parts: list[str] = []
    if there.release != choice.release:
        days = words.days(there.release.first_day, there.release.last_day)
        parts.append(words("people.from_series", product=words.label(there.card.product.label), days=days))
    if (there.table, there.cohort) != (choice.table, choice.cohort):
        parts.append(words("people.of_all"))
    return " ".join(parts)


def _too_short(words: Words, published: Published, there: Choice) -> str:
    weeks = there.card.measures[there.measure].looks_back_weeks or 0
    first = published.releases(there.product)[0].first_day
    return words("people.too_short", weeks=words.whole(weeks), day=words.day(first, there.release.last_day))


def _periods(words: Words, published: Published, there: Choice, compared: list[Release]) -> Table:
    """Return the periods that can be compared, newest first, in the plain figures of each."""
    names = _shares(there)
    periods = {release.period for release in compared}
    cells: dict[str, dict[str, str]] = {}
    for name in names:
        for figure in trend(published, there.of(there.measure, name), there.table, there.cohort):
            if figure.period in periods and figure.estimate is not None:
                cells.setdefault(figure.period, {})[name] = words.amount(figure.estimate, figure.unit)
    rows = [
        (
            words.days(release.first_day, release.last_day),
            *(cells.get(release.period, {}).get(name, words("state.withheld")) for name in names),
        )
        for release in reversed(compared)
    ]
    labels = [words.label(there.card.measures[there.measure].headlines[name].label) for name in names]
    return table(words("people.over_time"), (words("people.column.period"), *labels), rows)


def _reasons(found: dict[str, Shown]) -> list[str]:
    return list(dict.fromkeys(one.reason for one in found.values() if one.value is not None and one.reason))
