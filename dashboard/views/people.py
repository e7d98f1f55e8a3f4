"""Who is counted: how many people over time, who joins and leaves, who stays, which groups, and public sizes."""

from dataclasses import dataclass

from analytics.trends.publication.published import Published, cohort_labels
from dashboard.reading.figures import EVERYONE, PEOPLE, Choice, comparison
from dashboard.reading.findings import PublishedSignal, State, signals, states
from dashboard.reading.modelled import modelled
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.blocks import Cell, Table, link_to
from dashboard.views.elsewhere import counting
from dashboard.views.joiners import Part, joiners, sources, stayers
from dashboard.views.people_over_time import PeopleOverTime, people_over_time
from dashboard.views.represented import Coverage, Weighting, covered, weighting
from dashboard.views.shown import OfGroup


@dataclass(frozen=True)
class People:
    """The page."""

    title: str
    lead: tuple[str, ...]
    over_time: PeopleOverTime
    joiners: Part | None
    stayers: Part | None
    groups: Table
    withheld: str
    """The groups without a number, in one line; empty where there is none."""
    coverage: Coverage | None
    weighting: Weighting | None
    sources: Part | None


def people(words: Words, published: Published, choice: Choice) -> People:
    """Return the page for the chosen product and group; the chosen figure is the one that is weighted."""
    counted = counting(choice)
    found = signals(published, choice)
    series = (counted.measure, PEOPLE, counted.table, counted.cohort)
    change = next((it for it in found if (it.measure, it.headline, it.table, it.cohort) == series), None)
    tested = states(published, choice)
    state = words(f"people.state.{tested.get(series, 'withheld')}")
    lead = (
        _change(words, counted, change, state),
        words("summary.counted.who"),
        _of_measure(words, published, choice, counted),
    )
    groups, withheld = _groups(words, published, counted, tested)
    return People(
        title=_title(words, published, counted),
        lead=tuple(line for line in lead if line),
        over_time=people_over_time(words, published, counted, change, state),
        joiners=joiners(words, published, choice),
        stayers=stayers(words, published, choice),
        groups=groups,
        withheld=words("grid.withheld", groups="; ".join(withheld)) if withheld else "",
        coverage=covered(words, published, choice),
        weighting=weighting(words, published, choice),
        sources=sources(words, published, choice),
    )


def _title(words: Words, published: Published, counted: Choice) -> str:
    subject = naming.subject(words, counted)
    number = OfGroup.read(published, counted).shown(counted.measure, PEOPLE)
    if number.value is None or number.interval is None:
        return words("people.line", figure=subject, value=words("state.withheld"))
    amount = words("people.about", amount=words.amount(max(number.value, 0.0), "persons"))
    span = words.span(number.interval.low, number.interval.high, "persons")
    return words("people.line", figure=subject, value=words("patterns.cell", amount=amount, span=span))


def _change(words: Words, counted: Choice, change: PublishedSignal | None, state: str) -> str:
    """Return since when more or fewer people log, and how many; `state` where nothing was found or looked for."""
    if change is None:
        return f"{state}."
    spell = naming.spell(words, change, counted.cadence, counted.release.last_day)
    by = naming.sized(words, change.change, change.interval, change.unit)
    return words(f"people.since.{change.direction}", since=spell, sized=by)


def _of_measure(words: Words, published: Published, choice: Choice, counted: Choice) -> str:
    """Return how many of them the chosen figure is about, where it does not include everybody."""
    one = OfGroup.read(published, choice).shown(choice.measure, PEOPLE)
    if counted.measure == choice.measure or one.value is None:
        return ""
    measure = words.label(choice.card.measures[choice.measure].label)
    return words("people.of_measure", measure=measure, amount=words.amount(max(one.value, 0.0), "persons"))


def _groups(
    words: Words, published: Published, counted: Choice, tested: dict[tuple[str, str, str, str], State]
) -> tuple[Table, list[str]]:
    """Return one table of all groups of one dimension, in the order of the grid, and the groups without a number."""
    rows: list[tuple[Cell, ...]] = []
    withheld: list[str] = []
    for name, about in counted.card.measures[counted.measure].tables.items():
        if len(about.dimensions) > 1:
            continue
        numbers = _numbers(words, published, counted, name)
        for cohort in cohort_labels(counted.card, counted.measure, name):
            there = counted.of(counted.measure, PEOPLE, name, cohort)
            label = naming.group_label(words, there)
            if name != EVERYONE:
                label = words("choose.of_table", table=naming.table_name(words, counted, name), group=label)
            if cohort not in numbers:
                withheld.append(label)
                continue
            state: State = tested.get((counted.measure, PEOPLE, name, cohort), "withheld")
            found = Cell(words(f"people.cell.{state}"), state, link_to("trends", there))
            rows.append((Cell(label), Cell(numbers[cohort]), found))
    columns = tuple(words(f"people.column.{name}") for name in ("group", "people", "change"))
    return Table(words("people.groups"), columns, tuple(rows)), withheld


def _numbers(words: Words, published: Published, counted: Choice, table: str) -> dict[str, str]:
    """Return the number of people of every group of a table that has one, modelled where the release has it."""
    found = {
        one.cohort: (one.estimate, one.shown)
        for one in comparison(published, counted, table)
        if one.estimate is not None and one.shown is not None
    }
    found |= {
        one.cohort: (one.value, one.shown)
        for one in modelled(published, counted, table)
        if one.value is not None and one.shown is not None
    }
    return {
        cohort: words(
            "patterns.cell",
            amount=words.number(max(value, 0.0), "persons"),
            span=words.span(ends.low, ends.high, "persons"),
        )
        for cohort, (value, ends) in found.items()
        if value is not None and ends is not None
    }
