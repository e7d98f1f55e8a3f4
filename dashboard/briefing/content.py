"""What a briefing says: the first page's sentence and cards, the charts, the groups, and whose figures these are."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.charts.block import ChartBlock
from dashboard.views.blocks import Card, Table


@dataclass(frozen=True)
class Part:
    """A short list under a heading."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Briefing:
    """Two pages in finished words."""

    language: str
    title: str
    """Of the document."""
    publisher: str
    demo: str
    """Says that the people are invented; empty if they are not."""
    facts: str
    help: str
    sentence: str
    detail: str
    cards: tuple[Card, ...]
    blocks: tuple[Part, ...]
    charts: Sequence[ChartBlock]
    tables: tuple[Table, ...]
    last: tuple[str, ...]
    source: str
    """At the foot of each page: what to cite."""
