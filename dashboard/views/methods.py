"""Methods and downloads: what the figures mean, how they are made, where to get them and what to cite."""

from dataclasses import dataclass

from analytics.trends.publication.published import Published
from dashboard.reading.choices import figure_code, group_code
from dashboard.reading.downloads import TABLES
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.blocks import Table, table
from dashboard.views.definitions import Definition, definitions
from dashboard.views.facts import Facts

_SHORT = 12
"""How many characters of a hash a citation needs."""
_CAN = ("change", "groups", "people", "questions")
_CANNOT = ("person", "others", "why", "service", "prevalence")
_HOW = {"intervals": 5, "changes": 5, "modelled": 5, "outlook": 4}
"""Subjects with the number of their sentences."""
_DOCS = {
    "intervals": "docs/accuracy.md",
    "changes": "docs/accuracy.md",
    "modelled": "docs/modelled.md",
    "outlook": "docs/accuracy.md",
}
TERMS = (
    "noise",
    "interval",
    "plain",
    "modelled",
    "change",
    "usual_range",
    "chance",
    "rest",
    "withheld",
    "revision",
)


@dataclass(frozen=True)
class HowMade:
    """One subject in a few sentences, and the page of the documentation that says more."""

    title: str
    sentences: tuple[str, ...]
    more: str


@dataclass(frozen=True)
class Methods:
    """The page."""

    title: str
    chosen: Definition
    others: tuple[Definition, ...]
    can: tuple[str, ...]
    cannot: tuple[str, ...]
    how: tuple[HowMade, ...]
    files: tuple[tuple[str, str], ...]
    """Each table of the release, by name and in words."""
    stem: str
    """How its files are named, without table and ending."""
    trend_label: str
    trend_name: str
    citation: str
    identity: tuple[str, ...]
    revisions: Table | None
    calendar: Table | None
    faults: Table | None
    glossary: Table


def methods(words: Words, published: Published, choice: Choice, facts: Facts) -> Methods:
    """Return the page for the chosen series, release, figure and group."""
    chosen, *others = definitions(words, choice)
    group = naming.group_label(words, choice)
    return Methods(
        title=words("methods.title"),
        chosen=chosen,
        others=tuple(others),
        can=tuple(words(f"methods.can.{name}") for name in _CAN),
        cannot=tuple(words(f"methods.cannot.{name}") for name in _CANNOT),
        how=tuple(_how(words, choice, name) for name in _HOW),
        files=tuple((name, words(f"methods.table.{name}")) for name in TABLES),
        stem=choice.release.name.replace("/", "-"),
        trend_label=words("methods.trend", figure=naming.figure_label(words, choice), group=group),
        trend_name=f"{choice.product}-{_trend_stem(choice)}.csv",
        citation=_citation(words, choice, facts),
        identity=_identity(words, published, choice),
        revisions=_revisions(words, published, choice, facts),
        calendar=_calendar(words, facts),
        faults=_faults(words, facts),
        glossary=_glossary(words),
    )


def _how(words: Words, choice: Choice, name: str) -> HowMade:
    periods = words.period(choice.cadence, 2)
    return HowMade(
        title=words(f"methods.how.{name}.title"),
        sentences=tuple(words(f"methods.how.{name}.s{place}", periods=periods) for place in range(1, _HOW[name] + 1)),
        more=words("methods.more", page=_DOCS[name]),
    )


def _trend_stem(choice: Choice) -> str:
    return f"{figure_code(choice)}-{group_code(choice.table, choice.cohort)}".replace("/", "-")


def _citation(words: Words, choice: Choice, facts: Facts) -> str:
    release, versions = choice.release, choice.card.versions or {}
    return words(
        "methods.citation",
        publisher=facts.publisher or words("methods.no_publisher"),
        product=words.label(choice.card.product.label),
        period=release.period,
        revision=release.revision,
        days=words.days(release.first_day, release.last_day),
        manifest=release.manifest_sha256[:_SHORT],
        version=versions.get("murmuration") or words("methods.not_in_card"),
    )


def _identity(words: Words, published: Published, choice: Choice) -> tuple[str, ...]:
    """Return what a release is known by: its name, its manifest's whole hash, its plan, and the ledger's head."""
    release, plan = choice.release, choice.card.plan
    return (
        words("methods.identity.release", name=release.name),
        words("methods.identity.manifest", hash=release.manifest_sha256),
        words(
            "methods.identity.plan", name=plan.name, version=plan.policy_version, fingerprint=plan.fingerprint[:_SHORT]
        ),
        words("methods.identity.ledger", sequence=published.head_sequence, hash=published.head_hash[:_SHORT]),
    )


def _revisions(words: Words, published: Published, choice: Choice, facts: Facts) -> Table | None:
    """Return the periods of the series that were published more than once; None if none was."""
    columns = tuple(words(f"methods.column.{name}") for name in ("period", "revision", "published"))
    rows = [
        (
            words.days(release.first_day, release.last_day),
            words.whole(revision),
            day_or_not_stated(words, facts, release.product, release.period, revision),
        )
        for release in published.releases(choice.product)
        for revision in range(release.revision + 1)
        if release.revision
    ]
    return table(words("methods.revisions.caption"), columns, rows) if rows else None


def day_or_not_stated(words: Words, facts: Facts, product: str, period: str, revision: int) -> str:
    """Return the day on which a release was drawn, or that the service does not say it."""
    drawn_on = facts.drawn_on(product, period, revision)
    return words("methods.not_stated") if drawn_on is None else words.day(drawn_on)


def _calendar(words: Words, facts: Facts) -> Table | None:
    columns = tuple(words(f"methods.column.{name}") for name in ("series", "period", "expected"))
    rows = [
        (
            words.label(product.label),
            words.days(coming.first_day, coming.last_day),
            words.day(coming.expected_on),
        )
        for product in facts.calendar
        for coming in product.next
    ]
    return table(words("methods.calendar.caption"), columns, rows) if rows else None


def _faults(words: Words, facts: Facts) -> Table | None:
    columns = tuple(words(f"methods.column.{name}") for name in ("found_on", "fault"))
    rows = [(words.day(fault.on), fault.text) for fault in sorted(facts.faults, key=lambda fault: fault.on)]
    return table(words("methods.faults.caption"), columns, rows) if rows else None


def _glossary(words: Words) -> Table:
    columns = tuple(words(f"methods.column.{name}") for name in ("term", "meaning"))
    rows = [(words(f"methods.terms.{name}.term"), words(f"methods.terms.{name}.meaning")) for name in TERMS]
    return table(words("methods.terms.caption"), columns, rows)
