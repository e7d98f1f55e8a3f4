"""A trend in text and as a table: what its chart shows, for people who do not see it, and for those who count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.reading.figures import PEOPLE, Choice
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.blocks import Cell, Table
from dashboard.views.line import JOINED, Line, Place, State
from dashboard.views.spells import spells


@dataclass(frozen=True)
class Note:
    """Something that happened, as the service has noted it; its letter is its mark in the chart."""

    day: date
    letter: str
    text: str


def line_alt(words: Words, choice: Choice, line: Line, notes: Sequence[Note]) -> str:
    """Return what the chart shows, in text, from the same places that it draws."""
    if not line.places:
        return words("trends.alt.nothing", subject=naming.subject(words, choice))
    days = words.days(line.places[0].first_day, line.places[-1].last_day)
    said = [words("trends.alt.start", subject=naming.subject(words, choice), days=days)]
    points = [(point.value, point.first_day) for point in line.modelled]
    points = points or [(place.value, place.first_day) for place in line.of(*JOINED) if place.value is not None]
    if not points:
        return " ".join([*said, words("trends.alt.none_joined"), *_absent(words, choice, line)])
    for name, (value, day) in (("lowest", min(points)), ("highest", max(points)), ("newest", points[-1])):
        said.append(words(f"trends.alt.{name}", amount=words.amount(value, line.unit), day=words.day(day)))
    if line.change is not None:
        when = naming.spell(words, line.change, choice.cadence, choice.release.last_day)
        said.append(words(f"trends.alt.{line.change.direction}", spell=when))
    said += [text for text in [range_said(words, line)] if text]
    said += _absent(words, choice, line)
    said += [
        words("trends.note", letter=one.letter, day=words.day(one.day), text=words.label(one.text)) for one in notes
    ]
    return " ".join(said)


def line_table(words: Words, choice: Choice, line: Line) -> Table:
    """Return the numbers of the chart, one period a row."""
    unit, modelled = line.unit, {point.period: point for point in line.modelled}
    columns = [words("trends.column.days")]
    columns += [words("trends.column.modelled")] if line.modelled else []
    columns += (
        [words("trends.column.plain"), words("trends.column.range")] if line.range_ else [words("trends.column.plain")]
    )
    columns += [] if choice.headline == PEOPLE else [words("trends.column.people")]
    columns.append(words("trends.column.state"))
    rows: list[tuple[Cell, ...]] = []
    for place in line.places:
        point, ends = modelled.get(place.period), line.range_.ends.get(place.period) if line.range_ else None
        row = [words.days(place.first_day, place.last_day)]
        row += (
            [with_span(words, point.value, point.ends.low, point.ends.high, unit) if point else ""]
            if line.modelled
            else []
        )
        plain = place.figure
        shown = plain.shown if plain else None
        row.append(
            with_span(words, plain.estimate, shown.low, shown.high, unit)
            if plain and shown and plain.estimate is not None
            else ""
        )
        row += [words.span(ends.low, ends.high, unit) if ends else ""] if line.range_ else []
        if choice.headline != PEOPLE:
            row.append("" if plain is None or plain.people is None else words.number(max(plain.people, 0.0), "persons"))
        row.append(_remark(words, choice, line, place))
        rows.append(tuple(Cell(text) for text in row))
    return Table(words("trends.table", subject=naming.subject(words, choice)), tuple(columns), tuple(rows))


def range_said(words: Words, line: Line) -> str:
    """Return what the dashed lines are, with the newest period's; empty where there are none."""
    if line.range_ is None or line.baseline is None:
        return ""
    ends = line.range_.ends[max(line.range_.ends)] if line.range_.ends else None
    between = words.between(ends.low, ends.high, line.unit) if ends else ""
    key = "trends.range_provisional" if line.is_provisional else "trends.range"
    said = [words(key, days=words.days(*line.baseline), between=between)]
    if line.range_.is_wider:
        said.append(words("trends.range_wider"))
    return " ".join(said)


def state_spells(words: Words, choice: Choice, line: Line, state: State) -> str:
    """Return the periods of a state in words."""
    return spells(words, [(place.first_day, place.last_day) for place in line.of(state)], choice.cadence)


def _absent(words: Words, choice: Choice, line: Line) -> list[str]:
    states: tuple[State, ...] = ("too_early", "longer", "withheld", "not_released")
    return [
        words(f"trends.alt.{state}", spells=state_spells(words, choice, line, state))
        for state in states
        if line.of(state)
    ]


def _remark(words: Words, choice: Choice, line: Line, place: Place) -> str:
    said = [] if place.state == "shown" else [words(f"trends.state.{place.state}")]
    if line.change is not None and place.first_day == line.change.since:
        since = words.day(line.change.since, choice.release.last_day)
        said.append(words(f"trends.from_here.{line.change.direction}", since=since))
    return "; ".join(said)


def with_span(words: Words, value: float, low: float, high: float, unit: str) -> str:
    """Return a figure with its interval for a cell: `34.1% (31.0% to 37.3%)`; nobody counts fewer than no people."""
    value = max(value, 0.0) if unit == "persons" else value
    return words("trends.figure", amount=words.amount(value, unit), span=words.span(low, high, unit))
