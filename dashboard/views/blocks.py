"""The parts that views are made of: tables, cards and links, as frozen values in finished words."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.reading.choices import figure_code, group_code
from dashboard.reading.figures import Choice


@dataclass(frozen=True)
class Link:
    """A page with a choice, as its address has it."""

    page: str
    choice: tuple[tuple[str, str], ...]
    """Names and values of the address: `figure`, `group`."""


@dataclass(frozen=True)
class Cell:
    """One cell of a table in words; `state` gives its mark, `link` its page."""

    text: str
    state: str = ""
    link: Link | None = None


@dataclass(frozen=True)
class Table:
    """A table with its caption; the first column names the rows."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Card:
    """One figure in large letters, with its interval, what changed, and how it went."""

    label: str
    value: str
    interval: str
    """In words; empty where the figure is withheld."""
    change: str
    points: tuple[float, ...] = ()
    """The figure over the periods, oldest first, cut at the ends of its scale."""
    link: Link | None = None


def table(caption: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    """Return a table of plain words."""
    return Table(caption, columns, tuple(tuple(Cell(text) for text in row) for row in rows))


def link_to(page: str, choice: Choice) -> Link:
    """Return the address of a page that shows the chosen figure and group."""
    return Link(page, (("figure", figure_code(choice)), ("group", group_code(choice.table, choice.cohort))))
