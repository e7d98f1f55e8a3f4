"""Privacy and leaving, for a participant: what it means, how to leave, and only then the odds and the limit."""

import math
from dataclasses import dataclass

from analytics.odds import group_nano, recognised_in_100
from analytics.trends.publication.labels import OddsCard
from analytics.trends.publication.published import Published
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views.blocks import Table, table
from dashboard.views.budget import budget_of
from dashboard.views.facts import Facts
from dashboard.views.promise import promise

NANO = 1_000_000_000
_NOT_PROTECTED = ("groups", "logging", "known", "household", "accounts", "elsewhere", "computer")
_TOGETHER = 2
"""The people of a household whose odds are given; the notice has those of larger ones."""


@dataclass(frozen=True)
class Privacy:
    """The page, in the order in which it is read."""

    title: str
    lead: str
    """What taking part means for the reader."""
    kept: tuple[str, ...]
    leaving: tuple[str, ...]
    notice: str
    notice_file: bytes | None
    odds: tuple[str, ...]
    odds_table: Table | None
    grows: str
    limit: str
    used: float
    """The part of the year's limit that is used, 0 to 1."""
    used_words: str
    not_protected: tuple[str, ...]
    complain: tuple[str, ...]
    experts: tuple[str, ...]


def privacy(words: Words, published: Published, choice: Choice, facts: Facts) -> Privacy:
    """Return the page; the promise is that of the chosen release's card."""
    stated = choice.card.promise
    first = next((each for each in stated.odds if each.years == 1), None)
    budget = budget_of(published, choice.card.loss.year)
    key = "at_least" if published.damaged else "used"  # a damaged release's own loss cannot be read
    used = {"percent": words.rounded_up(100 * budget.used, 0), "year": budget.year}
    return Privacy(
        title=words("privacy.title"),
        lead=words("privacy.meaning.lead"),
        kept=tuple(words(f"privacy.meaning.{name}") for name in ("groups", "dropped")),
        leaving=_leaving(words, facts),
        notice=words("privacy.notice.about" if facts.notice else "privacy.notice.not_here"),
        notice_file=facts.notice,
        odds=_odds(words, first),
        odds_table=_odds_table(words, stated.odds),
        grows=words("privacy.odds.grows"),
        limit=words("privacy.limit.about"),
        used=budget.used,
        used_words=words(f"privacy.limit.{key}", **used),
        not_protected=_not_protected(words, choice),
        complain=(words("privacy.complain.first", contact=_contact(words, facts)), words("privacy.complain.authority")),
        experts=promise(words, choice),
    )


def _leaving(words: Words, facts: Facts) -> tuple[str, ...]:
    days = facts.withdrawal_days
    return (
        words("privacy.leave.any_time"),
        words("privacy.leave.contact", contact=facts.contact) if facts.contact else words("privacy.leave.no_contact"),
        words("privacy.leave.days_unknown") if days is None else words.count("privacy.leave.days", days),
        words("privacy.leave.then"),
        words("privacy.leave.published"),
    )


def _contact(words: Words, facts: Facts) -> str:
    return facts.contact or words("privacy.not_stated")


def _odds(words: Words, first: OddsCard | None) -> tuple[str, ...]:
    """Return the odds after one year, as frequencies; nothing where the card has none."""
    if first is None:
        return (words("privacy.odds.not_stated"),)
    values = {"guessing": first.guessing, "recognised": first.recognised_in_100}
    return (
        words("privacy.odds.think", **values),
        words("privacy.odds.most", **values),
        words("privacy.odds.even"),
    )


def _odds_table(words: Words, odds: tuple[OddsCard, ...]) -> Table | None:
    if not odds:
        return None
    columns = tuple(words(f"privacy.odds.column.{name}") for name in ("years", "recognised", "guessing"))
    rows = [
        (
            words.count("privacy.odds.years", each.years),
            words("privacy.odds.of_100", count=each.recognised_in_100),
            words("privacy.odds.of_100", count=each.guessing),
        )
        for each in odds
    ]
    return table(words("privacy.odds.caption"), columns, rows)


def _not_protected(words: Words, choice: Choice) -> tuple[str, ...]:
    cap_nano = math.ceil(choice.card.promise.rho_cap * NANO)
    together = math.ceil(recognised_in_100(group_nano(cap_nano, _TOGETHER)))
    return tuple(words(f"privacy.not_protected.{name}", together=together) for name in _NOT_PROTECTED)
