"""Operations, for everybody: what was released and what is due, what is not shown, the limit's rest, and the parts.

It says nothing that depends on a person's record: no count of files, rows or people who left.
"""

from dataclasses import dataclass
from datetime import date

from analytics.trends.publication.published import Published, Release
from dashboard.reading.downloads import periods_shown
from dashboard.texts.words import Words
from dashboard.views.blocks import Table, table
from dashboard.views.budget import DIGITS, budgets
from dashboard.views.facts import ComingPeriod, Facts, ProductCalendar

_SHORT = 12


@dataclass(frozen=True)
class Operations:
    """The page."""

    title: str
    as_of: str
    releases: Table
    late: Table | None
    late_none: str
    """Instead of the table, where it is None."""
    not_shown: Table | None
    not_shown_none: str
    budget: Table
    parts: Table


def operations(words: Words, published: Published, facts: Facts, today: date) -> Operations:
    """Return the page as of `today`; a release is late from the day after the one on which it was expected."""
    late = _late(facts, today)
    return Operations(
        title=_title(words, facts, late),
        as_of=words("operations.as_of", day=words.day(today)),
        releases=_releases(words, published, facts, today),
        late=_late_table(words, published, facts, late, today),
        late_none=words("operations.late.none" if facts.is_known else "operations.late.not_stated"),
        not_shown=_not_shown(words, published),
        not_shown_none=words("operations.not_shown.none"),
        budget=_budget(words, published),
        parts=_parts(words, published),
    )


def _late(facts: Facts, today: date) -> list[tuple[ProductCalendar, ComingPeriod]]:
    """Return the periods that should have been released by now, by series."""
    return [(product, coming) for product in facts.calendar for coming in product.next if coming.expected_on < today]


def _title(words: Words, facts: Facts, late: list[tuple[ProductCalendar, ComingPeriod]]) -> str:
    if not facts.calendar:
        return words("operations.title.not_known")
    if not late:
        return words("operations.title.in_time")
    names = dict.fromkeys(words.label(product.label) for product, _ in late)
    return words("operations.title.late", series=words.listed(list(names)))


def _releases(words: Words, published: Published, facts: Facts, today: date) -> Table:
    """Return one row a series. Four columns: more of them would put the state off a phone's screen."""
    calendar = {one.product: one for one in facts.calendar}
    labels = published.products | {one.product: one.label for one in facts.calendar}
    rows = []
    for product, label in labels.items():
        newest = published.latest(product) if product in published.products else None
        coming = next(iter(calendar[product].next), None) if product in calendar else None
        next_one, state = _coming(words, coming, today)
        rows.append((words.label(label), _newest(words, newest, facts), next_one, state))
    columns = tuple(words(f"operations.column.{name}") for name in ("series", "newest", "next", "state"))
    return table(words("operations.releases"), columns, rows)


def _newest(words: Words, newest: Release | None, facts: Facts) -> str:
    if newest is None:
        return words("operations.none_yet")
    days = words.days(newest.first_day, newest.last_day)
    drawn_on = facts.drawn_on(newest.product, newest.period, newest.revision)
    if drawn_on is None:
        return words("operations.published_not_stated", days=days)
    return words("operations.published_on", days=days, day=words.day(drawn_on))


def _coming(words: Words, coming: ComingPeriod | None, today: date) -> tuple[str, str]:
    """Return the next period with the day from which it is expected, and whether it is late."""
    if coming is None:
        return words("operations.not_stated"), words("operations.not_stated")
    overdue = (today - coming.expected_on).days
    on_time = words("operations.due" if overdue == 0 else "operations.not_due")
    state = words.count("operations.late_by", overdue) if overdue > 0 else on_time
    days = words.days(coming.first_day, coming.last_day)
    return words("operations.expected_from", days=days, day=words.day(coming.expected_on)), state


def _late_table(
    words: Words,
    published: Published,
    facts: Facts,
    late: list[tuple[ProductCalendar, ComingPeriod]],
    today: date,
) -> Table | None:
    """Return the periods that were passed over, then those that are late."""
    labels = published.products | {one.product: one.label for one in facts.calendar}
    rows = [
        (
            words.label(labels.get(missed.product, missed.product)),
            words.days(missed.first_day, missed.last_day),
            words("operations.passed_over"),
        )
        for missed in facts.missed
    ]
    rows += [
        (
            words.label(product.label),
            words.days(coming.first_day, coming.last_day),
            words.count("operations.late_by", (today - coming.expected_on).days),
        )
        for product, coming in late
    ]
    columns = tuple(words(f"operations.column.{name}") for name in ("series", "period", "state"))
    return table(words("operations.late.caption"), columns, rows) if rows else None


def _not_shown(words: Words, published: Published) -> Table | None:
    """Return the periods of which nothing is shown: the damaged ones, then those that are wholly withheld."""
    labels = published.products
    rows = [
        (
            words.label(labels.get(one.product, one.product)),
            words.days(one.first_day, one.last_day),
            words("operations.not_shown.damaged"),
        )
        for one in published.damaged
    ]
    for product, label in labels.items():
        shown = periods_shown(published, product)
        rows += [
            (
                words.label(label),
                words.days(release.first_day, release.last_day),
                words("operations.not_shown.withheld"),
            )
            for release in published.releases(product)
            if release.period not in shown
        ]
    columns = tuple(words(f"operations.column.{name}") for name in ("series", "period", "why"))
    return table(words("operations.not_shown.caption"), columns, rows) if rows else None


def _budget(words: Words, published: Published) -> Table:
    """Return used and left for each year: used rounded up, left rounded down."""
    columns = tuple(words(f"operations.column.{name}") for name in ("year", "used", "left"))
    rows = [
        (
            str(one.year),
            words(
                "operations.used",
                percent=words.rounded_up(100 * one.used, 0),
                rho=words.rounded_up(one.spent, DIGITS),
                cap=words.rounded_up(one.cap, DIGITS),
            ),
            words("operations.left", rho=words.rounded_up(one.left, DIGITS)),
        )
        for one in budgets(published)
    ]
    caption = words("operations.budget_at_least" if published.damaged else "operations.budget")
    return table(caption, columns, rows)


def _parts(words: Words, published: Published) -> Table:
    """Return what made the newest release of each series, from its card."""
    columns = tuple(words(f"operations.column.{name}") for name in ("series", "plan", "programs"))
    rows = []
    for product, label in published.products.items():
        card = published.card(published.latest(product))
        versions = [f"{name} {version}" for name, version in sorted((card.versions or {}).items())]
        plan = words(
            "operations.plan",
            name=card.plan.name,
            version=card.plan.policy_version,
            fingerprint=card.plan.fingerprint[:_SHORT],
        )
        named = ", ".join(versions) if versions else words("operations.not_in_card")
        rows.append((words.label(label), plan, named))
    return table(words("operations.parts"), columns, rows)
