"""Groups by figures, each cell saying what looking for changes found: one look at everything that one measure shows."""

from analytics.trends.publication.published import Published, cohort_labels
from dashboard.reading.figures import EVERYONE, PEOPLE, Choice
from dashboard.reading.findings import State, states
from dashboard.texts.words import Words
from dashboard.views.blocks import Cell, Table, link_to
from dashboard.views.naming import cohort_label, table_name

UNKNOWN = "unknown"
"""The group of those of whom we do not know it: no planner asks about it, so only the page of groups has it."""


def grid(words: Words, published: Published, choice: Choice) -> Table:
    """Return one row per group of the tables of at most one dimension, one column per figure of the chosen measure."""
    about = choice.card.measures[choice.measure]
    found = states(published, choice)
    headlines = sorted(about.headlines, key=lambda name: name == PEOPLE)
    rows: list[tuple[Cell, ...]] = []
    for table, described in about.tables.items():
        if len(described.dimensions) > 1:
            continue
        for cohort in cohorts(choice, table):
            cells = [
                _cell(
                    words,
                    choice.of(choice.measure, name, table, cohort),
                    found.get((choice.measure, name, table, cohort)),
                )
                for name in headlines
            ]
            if cohort != UNKNOWN and (table == EVERYONE or any(cell.state != "withheld" for cell in cells)):
                name = cohort_label(words, choice, table, cohort)
                rows.append((Cell(name), *cells))
    columns = (words("grid.group"), *(words.label(about.headlines[name].label) for name in headlines))
    return Table(words("grid.caption"), columns, tuple(rows))


def withheld_groups(words: Words, published: Published, choice: Choice) -> list[str]:
    """Return the groups of which no figure of the chosen measure is displayed, with what they are grouped by."""
    about = choice.card.measures[choice.measure]
    found = states(published, choice)
    result: list[str] = []
    for table, described in about.tables.items():
        if len(described.dimensions) != 1:
            continue
        held = [
            cohort_label(words, choice, table, cohort)
            for cohort in cohorts(choice, table)
            if cohort != UNKNOWN
            and all(found.get((choice.measure, name, table, cohort)) in {None, "withheld"} for name in about.headlines)
        ]
        if held:
            result.append(words("grid.withheld_of", table=table_name(words, choice, table), groups=words.listed(held)))
    return result


def cohorts(choice: Choice, table: str) -> list[str]:
    """Return the groups of a table, in the order of the grid."""
    return list(cohort_labels(choice.card, choice.measure, table))


def _cell(words: Words, choice: Choice, state: State | None) -> Cell:
    state = state or "withheld"
    return Cell(words(f"state.{state}"), state, link_to("trends", choice))
