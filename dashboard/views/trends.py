"""One group over time: what changed since when, what was usual, and all groups of a table in small."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.trends.publication.published import Published
from dashboard.reading.figures import Choice
from dashboard.reading.findings import is_tested, outlook
from dashboard.reading.modelled import modelled_one
from dashboard.texts.reasons import reason
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.blocks import Cell, Table
from dashboard.views.fallback import fallback_sentence
from dashboard.views.grouping import grouping
from dashboard.views.line import JOINED, Line, Place, line_of
from dashboard.views.line_words import Note, line_alt, line_table, range_said, state_spells
from dashboard.views.panels import Panels, panels
from dashboard.views.spells import spells

Notes = Sequence[tuple[date, str]]


@dataclass(frozen=True)
class Outlook:
    """What the next periods may bring, as long as nothing new happens."""

    sentence: str
    table: Table


@dataclass(frozen=True)
class Trends:
    """The page of trends."""

    title: str
    detail: str
    line: Line
    chart_title: str
    reading: str
    alt: str
    table: Table
    below: tuple[str, ...]
    """What belongs to the chart in sentences: the usual range, what is not shown and why, and what was noted."""
    notes: tuple[Note, ...]
    outlook: Outlook | None
    """Of the newest release alone."""
    by: str
    """The table of the small charts; empty where there is none."""
    panels: Panels | None


def trends(words: Words, published: Published, choice: Choice, by: str = "", notes: Notes = ()) -> Trends:
    """Return the page for the chosen figure and group; `by` names the table of the small charts."""
    line = line_of(published, choice)
    noted = _noted(line, notes)
    table, detail = grouping(choice, by), _detail(words, published, choice)
    return Trends(
        title=title(words, published, choice, line, has_detail=bool(detail)),
        detail=detail,
        line=line,
        chart_title=_chart_title(words, choice, line),
        reading=words("trends.reading_modelled" if line.modelled else "trends.reading_plain"),
        alt=line_alt(words, choice, line, noted),
        table=line_table(words, choice, line),
        below=_below(words, published, choice, line, noted),
        notes=noted,
        outlook=_outlook(words, published, choice),
        by=table,
        panels=panels(words, published, choice, table) if table else None,
    )


def title(words: Words, published: Published, choice: Choice, line: Line, *, has_detail: bool = False) -> str:
    """Return what the trend says: since when it is higher or lower, that nothing was found, or why nothing is said.

    `has_detail` says that the period has a modelled figure, so that not all is withheld.
    """
    subject, newest = naming.subject(words, choice), line.places[-1] if line.places else None
    if line.change is not None:
        since = words.day(line.change.since, choice.release.last_day)
        return words(f"trends.title.{line.change.direction}", subject=subject, since=since)
    if newest is None or newest.period != choice.release.period:
        return words("trends.title.not_released", subject=subject)
    if newest.state == "withheld" and has_detail:
        return words("trends.title.withheld_plain", subject=subject)
    if newest.state in {"withheld", "too_early", "longer"}:
        return words(f"trends.title.{newest.state}", subject=subject)
    if line.range_ is None:
        return words("trends.title.not_tested", subject=subject)
    return words(
        "trends.title.no_change" if is_tested(published, choice) else "trends.title.not_tested", subject=subject
    )


def _detail(words: Words, published: Published, choice: Choice) -> str:
    figure = modelled_one(published, choice)
    if figure is None or figure.value is None or figure.shown is None:
        return ""
    value = max(figure.value, 0.0) if figure.unit == "persons" else figure.value
    between = words.between(figure.shown.low, figure.shown.high, figure.unit)
    parts = [words("trends.now", amount=words.amount(value, figure.unit), between=between)]
    if figure.against_rest is not None:
        rest = figure.against_rest
        said = naming.difference(words, rest.verdict, rest.value, rest.interval, figure.unit)
        parts.append(words("trends.against_rest", difference=said))
    return " ".join(parts)


def _chart_title(words: Words, choice: Choice, line: Line) -> str:
    subject = naming.subject(words, choice)
    if line.change is not None:
        when = naming.spell(words, line.change, choice.cadence, choice.release.last_day)
        return words(f"trends.chart.{line.change.direction}", subject=subject, spell=when)
    if not line.places:
        return subject
    days = words.days(line.places[0].first_day, line.places[-1].last_day)
    return words("trends.chart.over", subject=subject, days=days)


def _below(words: Words, published: Published, choice: Choice, line: Line, notes: Sequence[Note]) -> tuple[str, ...]:
    said: list[str] = []
    if line.range_ is not None and line.baseline is not None:
        said.append(range_said(words, line))
        newest = next((place.figure for place in reversed(line.shown) if place.figure), None)
        is_newest = newest is not None and newest.period == choice.release.period
        if newest is not None and is_newest and line.change is None and line.range_.is_outside(newest):
            said.append(words("trends.outside_by_chance"))
    elif line.shown and not is_tested(published, choice):
        said.append(words("trends.history_needed"))
    if line.of("too_early"):
        weeks = choice.card.measures[choice.measure].looks_back_weeks or 0
        said.append(
            words("trends.too_early", spells=state_spells(words, choice, line, "too_early"), weeks=words.whole(weeks))
        )
    if line.of("longer"):
        said.append(words("trends.longer", spells=state_spells(words, choice, line, "longer")))
    for state in ("withheld", "caution"):
        for why, places in _by_reason(line.of(state)).items():
            days = [(place.first_day, place.last_day) for place in places]
            when = spells(words, days, choice.cadence)
            said.append(words(f"trends.{state}", spells=when, reason=reason(words, why)))
    said += _instead(words, choice, line)
    if line.of("not_released"):
        said.append(words("trends.not_released", spells=state_spells(words, choice, line, "not_released")))
    if not line.modelled and len(line.of(*JOINED)) > 1:
        said.append(words("trends.not_modelled"))
    said += [
        words("trends.note", letter=note.letter, day=words.day(note.day), text=words.label(note.text)) for note in notes
    ]
    said += [words("trends.not_the_cause")] if notes else []
    return tuple(said)


def _instead(words: Words, choice: Choice, line: Line) -> list[str]:
    """Return what can be read instead of the newest figure, if it is withheld."""
    held = (it.figure for it in line.of("withheld") if it.period == choice.release.period)
    said = (fallback_sentence(words, choice, choice.table, figure) for figure in held if figure is not None)
    return [sentence for sentence in said if sentence]


def _by_reason(places: Sequence[Place]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for place in places:
        if place.figure is not None:
            found.setdefault(place.figure.reason, []).append(place)
    return found


def _noted(line: Line, notes: Notes) -> tuple[Note, ...]:
    """Return the notes of the days that the chart shows, in order, each with a letter."""
    if not line.places:
        return ()
    inside = sorted(one for one in notes if line.places[0].first_day <= one[0] <= line.places[-1].last_day)
    return tuple(Note(day, chr(ord("A") + number % 26), text) for number, (day, text) in enumerate(inside))


def _outlook(words: Words, published: Published, choice: Choice) -> Outlook | None:
    ahead = outlook(published, choice, choice.table, choice.cohort)
    if not ahead:
        return None
    last = ahead[-1]
    days = words.days(last.first_day, last.last_day)
    between = words.between(last.interval.low, last.interval.high, choice.unit)
    rows = tuple(
        (
            Cell(words.days(one.first_day, one.last_day)),
            Cell(words.span(one.interval.low, one.interval.high, choice.unit)),
        )
        for one in ahead
    )
    columns = (words("trends.column.days"), words("trends.column.outlook"))
    caption = words("trends.outlook_table", subject=naming.subject(words, choice))
    return Outlook(words("trends.outlook", days=days, between=between), Table(caption, columns, rows))
