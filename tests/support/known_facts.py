"""A service that says everything of itself, for the pages that show it; and a page of a service with such facts."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.periods import Period
from analytics.trends.publication.service_facts import ServiceFacts
from dashboard.pages import operations
from dashboard.reading import service
from dashboard.views.facts import ComingPeriod, Facts, Fault, MissedPeriod, ProductCalendar, ReleasedOn
from tests.support.paging import open_page
from tests.support.published_fake import FIRST_WEEK, Service

CONTACT = "moods@example.org, 0123 456"
NOTICE = b"<html><title>What happens with your mood log</title></html>"
NEWEST_DRAWN = date(2026, 4, 7)
EXPECTED = date(2026, 4, 14)
"""Of the thirteenth week, which comes after the made-up twelve."""


def full_facts(product: str = Service().product) -> Facts:
    """Return the facts of the made-up service of twelve weeks (W03 to W14), its sixth week never released."""
    return Facts(
        publisher="Mood Together",
        contact=CONTACT,
        withdrawal_days=7,
        released=(released(product, f"2026-W{FIRST_WEEK + 11:02d}", 0, NEWEST_DRAWN),),
        calendar=(
            ProductCalendar(
                product=product,
                label="Weekly mood",
                cadence="week",
                next=(coming("2026-W15", EXPECTED), coming("2026-W16", EXPECTED + timedelta(weeks=1))),
            ),
        ),
        missed=(
            MissedPeriod(product=product, period="2026-W08", first_day=date(2026, 2, 16), last_day=date(2026, 2, 22)),
        ),
        faults=(Fault(on=date(2026, 3, 2), text="Two regions had each other's labels."),),
        notice=NOTICE,
    )


def released(product: str, period: str, revision: int, drawn_on: date) -> ReleasedOn:
    """Return a release with the day of its draw."""
    return ReleasedOn(product=product, period=period, revision=revision, drawn_on=drawn_on)


def coming(name: str, expected_on: date) -> ComingPeriod:
    """Return a period that is expected on a day."""
    period = Period.parse(name)
    return ComingPeriod(period=name, first_day=period.first_day, last_day=period.last_day, expected_on=expected_on)


def open_with_facts(
    monkeypatch: pytest.MonkeyPatch, folder: Path, name: str, facts: Facts, today: date = NEWEST_DRAWN, **address: str
) -> AppTest:
    """Return a page of a service that says `facts` of itself, as of `today`."""
    monkeypatch.setattr(service, "read_service", lambda _folder: (ServiceFacts(), None, {}))
    monkeypatch.setattr(Facts, "of", lambda *_said: facts)
    monkeypatch.setattr(operations, "today", lambda: today)
    return open_page(monkeypatch, folder, name, **address)
