"""All groups of a table over time, in small: one scale for all, in the plan's order, each panel named."""

from dataclasses import dataclass
from datetime import date

from analytics.periods import Period
from analytics.trends.publication.published import Published
from analytics.wording import cut
from dashboard.reading.figures import Choice, PublishedFigure, trend
from dashboard.reading.findings import State, states
from dashboard.reading.over_time import pasts
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.blocks import Cell, Table
from dashboard.views.grid import cohorts
from dashboard.views.line import JOINED, LinePoint, line_points, state_of

MOST_PANELS = 24
"""More cannot be read beside one another; the page of groups has them all."""


@dataclass(frozen=True)
class PanelPoint:
    """One point of a panel's line."""

    first_day: date
    value: float
    run: int


@dataclass(frozen=True)
class Panel:
    """One group: its name, its line, and what looking for changes found."""

    cohort: str
    name: str
    points: tuple[PanelPoint, ...]
    """Empty where the group is withheld."""
    state: State


@dataclass(frozen=True)
class Panels:
    """The small charts of one table."""

    title: str
    reading: str
    panels: tuple[Panel, ...]
    first_day: date
    last_day: date
    unit: str
    alt: str
    table: Table
    hint: str
    """How many more groups there are, and where; empty where all are shown."""
    withheld: str
    """The groups without a line, in one sentence; empty where there are none."""


def panels(words: Words, published: Published, choice: Choice, table: str) -> Panels | None:
    """Return the small charts of `table`, or None where no group of it has a line yet."""
    lines = _lines(published, choice, table)
    found = states(published, choice)
    everyone = [
        Panel(
            cohort,
            naming.cohort_label(words, choice, table, cohort),
            points,
            found.get((choice.measure, choice.headline, table, cohort), "withheld"),
        )
        for cohort, points in lines.items()
    ]
    drawn = [panel for panel in everyone if panel.points]
    days = {point.first_day for panel in drawn for point in panel.points}
    if len(days) < 2:  # noqa: PLR2004 -- a line has two points
        return None
    held = [panel.name for panel in everyone if not panel.points]
    kept, names = drawn[:MOST_PANELS], naming.table_name(words, choice, table)
    figure = naming.figure_label(words, choice)
    more = len(cohorts(choice, table)) - len(kept) - len(held)
    return Panels(
        title=words("panels.title", figure=figure, table=names),
        reading=words("panels.reading"),
        panels=tuple(kept),
        first_day=min(days),
        last_day=max(days),
        unit=choice.unit,
        alt=_alt(words, kept, figure, names),
        table=_table(words, choice, kept, figure, names),
        hint=words.count("panels.more", more) if more else "",
        withheld=words("panels.withheld", groups=words.listed(held)) if held else "",
    )


def _lines(published: Published, choice: Choice, table: str) -> dict[str, tuple[PanelPoint, ...]]:
    """Return the line of every group: modelled where the release has the past of the table, else as published.

    Groups are read until there are enough panels: a table of two dimensions may have a thousand.
    """
    modelled = pasts(published, choice, table)
    lines: dict[str, tuple[PanelPoint, ...]] = {}
    if modelled:
        for cohort in cohorts(choice, table):
            lines[cohort] = _of_model(line_points(modelled.get(cohort, ()), choice.unit))
            if sum(map(bool, lines.values())) > MOST_PANELS:
                break
        return lines
    first = Period.parse(published.releases(choice.product)[0].period)
    looks_back = choice.card.measures[choice.measure].looks_back_weeks or 0
    for cohort in cohorts(choice, table):
        figures = [it for it in trend(published, choice, table, cohort) if it.period <= choice.release.period]
        lines[cohort] = _as_published(figures, looks_back, first)
        if sum(map(bool, lines.values())) > MOST_PANELS:
            break
    return lines


def _of_model(points: tuple[LinePoint, ...]) -> tuple[PanelPoint, ...]:
    return tuple(PanelPoint(one.first_day, one.value, one.run) for one in points)


def _as_published(figures: list[PublishedFigure], looks_back: int, first: Period) -> tuple[PanelPoint, ...]:
    points: list[PanelPoint] = []
    run, last = 0, ""
    for figure in figures:
        if state_of(figure, looks_back, first) not in JOINED or figure.estimate is None:
            continue
        run += bool(last) and Period.parse(last).next.name != figure.period
        points.append(PanelPoint(figure.first_day, cut(figure.estimate, figure.unit), run))
        last = figure.period
    return tuple(points)


def _alt(words: Words, drawn: list[Panel], figure: str, table: str) -> str:
    changed = [
        words(f"panels.changed_{panel.state}", group=panel.name)
        for panel in drawn
        if panel.state in {"higher", "lower"}
    ]
    said = words("panels.alt", figure=figure, table=table, groups=words.listed([panel.name for panel in drawn]))
    tested = any(panel.state == "no_change" for panel in drawn)
    without = words("panels.alt_none" if tested else "panels.alt_not_tested")
    found = words("panels.alt_changed", changes=words.listed(changed)) if changed else without
    return f"{said} {found}"


def _table(words: Words, choice: Choice, drawn: list[Panel], figure: str, table: str) -> Table:
    """Return where each group's line begins and ends."""
    rows = tuple(
        (
            Cell(panel.name),
            Cell(words.amount(panel.points[0].value, choice.unit)),
            Cell(words.amount(panel.points[-1].value, choice.unit)),
            Cell(words(f"state.{panel.state}"), panel.state),
        )
        for panel in drawn
    )
    columns = tuple(words(f"panels.column.{name}") for name in ("group", "first", "last", "change"))
    return Table(words("panels.table", figure=figure, table=table), columns, rows)
