"""The number of people over the periods, with the beginning of a change."""

from dataclasses import dataclass
from datetime import date

from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.published import Published
from dashboard.reading.figures import Choice, trend
from dashboard.reading.findings import PublishedSignal
from dashboard.reading.modelled import past
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.blocks import Table, table


@dataclass(frozen=True)
class PeopleOfPeriod:
    """About how many people a period counts; each number is None where the release has none."""

    day: date
    plain: float | None
    modelled: float | None
    band: Interval | None


@dataclass(frozen=True)
class PeopleOverTime:
    """The series in words and numbers, up to the chosen period."""

    title: str
    reading: str
    alt: str
    rows: tuple[PeopleOfPeriod, ...]
    since: tuple[date, str] | None
    """The first day of a change, with its words."""
    table: Table


def people_over_time(
    words: Words, published: Published, choice: Choice, change: PublishedSignal | None, state: str
) -> PeopleOverTime:
    """Return the series of the chosen number of people; `state` says in words that no change was found, or why."""
    figures = [it for it in trend(published, choice, choice.table, choice.cohort) if it.period <= choice.release.period]
    modelled = {one.period: one for one in past(published, choice)}
    rows = [
        PeopleOfPeriod(
            day=figure.first_day,
            plain=figure.estimate,
            modelled=modelled[figure.period].value if figure.period in modelled else None,
            band=modelled[figure.period].interval if figure.period in modelled else None,
        )
        for figure in figures
    ]
    newest = choice.release.last_day
    title = state
    if change is not None:
        spell = naming.spell(words, change, choice.cadence, newest)
        title = words(f"people.changed.{change.direction}", since=spell)
    subject = naming.subject(words, choice)
    reading = words("people.chart.reading" if modelled else "people.chart.reading_plain")
    return PeopleOverTime(
        title=title,
        reading=" ".join([reading, words("people.chart.change")] if change is not None else [reading]),
        alt=" ".join([words("people.line", figure=subject, value=_ends(words, rows, newest)), f"{title}."]),
        rows=tuple(rows),
        since=None if change is None else (change.since, words.short_day(change.since)),
        table=_table(words, subject, rows),
    )


def _ends(words: Words, rows: list[PeopleOfPeriod], newest: date) -> str:
    """Return the first and the last number that there is: `10,961 people on 25 May, 7,330 people on 16 November.`."""
    found = [(row.day, row.plain if row.modelled is None else row.modelled) for row in rows]
    known = [(day, value) for day, value in found if value is not None]
    ends = known if len(known) < 2 else [known[0], known[-1]]  # noqa: PLR2004 -- both ends
    said = [
        words("people.chart.dated", amount=words.amount(max(value, 0.0), "persons"), day=words.day(day, newest))
        for day, value in ends
    ]
    return f"{words.listed(said)}."


def _table(words: Words, subject: str, rows: list[PeopleOfPeriod]) -> Table:
    is_modelled = any(row.modelled is not None for row in rows)
    columns = (words("people.column.from"), words("people.column.plain"))
    made: list[tuple[str, ...]] = []
    for row in rows:
        plain = words("state.withheld") if row.plain is None else words.number(max(row.plain, 0.0), "persons")
        cells: tuple[str, ...] = (words.day(row.day), plain)
        if is_modelled:
            cells = (*cells, _modelled(words, row))
        made.append(cells)
    return table(subject, (*columns, words("people.column.modelled")) if is_modelled else columns, made)


def _modelled(words: Words, row: PeopleOfPeriod) -> str:
    if row.modelled is None or row.band is None:
        return ""
    number = words.number(max(row.modelled, 0.0), "persons")
    return words("patterns.cell", amount=number, span=words.span(row.band.low, row.band.high, "persons"))
