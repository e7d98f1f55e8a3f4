"""What a briefing says: the first page's sentence and cards, the charts, the groups, and the service."""

from dataclasses import dataclass, replace

from analytics.trends.publication.published import Published
from dashboard.charts.block import ChartBlock
from dashboard.charts.comparison import comparison_block
from dashboard.charts.trend import trend_block
from dashboard.reading.figures import EVERYONE, Choice
from dashboard.reading.findings import signals
from dashboard.texts.words import Words
from dashboard.views.blocks import Card, Table
from dashboard.views.groups import groups
from dashboard.views.service import Service, help_line
from dashboard.views.source import source_line
from dashboard.views.summary import strongest_change, summary
from dashboard.views.trends import trends


@dataclass(frozen=True)
class Part:
    """A short list under a heading."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Drawn:
    """A chart, and what is said below it: notes, and what it does not show."""

    chart: ChartBlock
    below: tuple[str, ...]


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
    charts: tuple[Drawn, ...]
    tables: tuple[Table, ...]
    last: tuple[str, ...]
    source: str
    """At the foot of each page: what to cite."""


def briefing_of(words: Words, published: Published, choice: Choice, service: Service) -> Briefing:
    """Return the briefing of a release: the same figures and words as the pages, about the chosen figure and group."""
    first = summary(words, published, choice)
    days = words.days(choice.release.first_day, choice.release.last_day)
    product = words.label(choice.card.product.label)
    publisher = service.facts.publisher or ""
    facts = [product, days, *([words("frame.by", publisher=publisher)] if publisher else [])]
    blocks = (
        Part(words("summary.heading.sure"), first.sure),
        Part(words("summary.heading.counted"), first.counted),
        Part(words("summary.heading.do"), first.do),
        Part(words("summary.heading.do_not"), first.do_not),
    )
    return Briefing(
        language=words.language,
        title=words("briefing.title", product=product, days=days),
        publisher=publisher,
        demo=words("frame.demo") if service.facts.is_demo else "",
        facts=" · ".join(facts),
        help=help_line(words, service),
        sentence=first.title,
        detail=first.detail,
        cards=first.cards,
        blocks=blocks,
        charts=_charts(words, published, choice, service),
        tables=(replace(first.grid, caption=words("briefing.changes")),),
        last=(
            *((words("grid.withheld", groups="; ".join(first.withheld)),) if first.withheld else ()),
            words("frame.group"),
        ),
        source=words(
            "briefing.source",
            product=product,
            period=choice.release.period,
            revision=choice.release.revision,
            manifest=choice.release.manifest_sha256[:12],
        ),
    )


def _charts(words: Words, published: Published, choice: Choice, service: Service) -> tuple[Drawn, ...]:
    """Return the trend of the chosen group, or where none is chosen of the strongest change; then the groups."""
    there = choice
    found = strongest_change(choice, signals(published, choice))
    if choice.table == EVERYONE and found is not None:
        there = choice.of(found.measure, found.headline, found.table, found.cohort)
    source = source_line(words, there, service.facts.publisher or "")
    line = trends(words, published, there, notes=service.facts.notes_for(there.product))
    made: list[Drawn] = []
    if line.line.shown or line.line.modelled:
        made.append(Drawn(trend_block(words, there, line, source), tuple(line.below)))
    compared = groups(words, published, there, by=there.table if there.table != EVERYONE else "")
    if compared is not None and compared.groups:
        made.append(Drawn(comparison_block(words, there, compared, source), tuple(compared.below)))
    return tuple(made)
