"""What a briefing says: the first page's sentence and cards, the charts, the groups, and whose figures these are."""

from dataclasses import dataclass

from analytics.trends.publication.published import Published
from dashboard.charts.block import ChartBlock
from dashboard.reading.figures import EVERYONE, Choice
from dashboard.reading.findings import signals
from dashboard.texts.words import Words
from dashboard.views.blocks import Card, Table
from dashboard.views.service import Service, help_line
from dashboard.views.summary import strongest_change, summary


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
    charts: tuple[ChartBlock, ...]
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
        charts=_charts(words, published, choice),
        tables=(first.grid,),
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


def _charts(words: Words, published: Published, choice: Choice) -> tuple[ChartBlock, ...]:
    """Return the trend of the chosen group, or where none is chosen of the strongest change, and the groups."""
    there = choice
    found = strongest_change(choice, signals(published, choice))
    if choice.table == EVERYONE and found is not None:
        there = choice.of(found.measure, found.headline, found.table, found.cohort)
    raise NotImplementedError(there)
