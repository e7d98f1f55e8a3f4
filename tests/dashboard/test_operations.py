"""Operations: last and next release, late and missed periods, what is not shown, and the rest of the year's limit."""

import dataclasses
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.trends.publication.published import Published
from analytics.trends.publication.service_facts import ServiceFacts
from dashboard.pages import operations as operations_page
from dashboard.texts.words import LANGUAGES, Language, Words
from dashboard.views.blocks import Table
from dashboard.views.facts import NOTHING_KNOWN, Facts
from dashboard.views.operations import Operations, operations
from tests.support.glossary import forbidden_words
from tests.support.known_facts import EXPECTED, NEWEST_DRAWN, full_facts, open_with_facts
from tests.support.paging import open_page, text
from tests.support.published_fake import Service, publish_fake

PRODUCT = Service().product
EN = Words("en")


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return twelve weeks of a service of thousands, the sixth never released."""
    return publish_fake(tmp_path_factory.mktemp("ordinary"), Service(missing=frozenset({6})))


@pytest.fixture(scope="module")
def published(ordinary: Path) -> Published:
    return Published.open(ordinary)


def as_of(published: Published, today: date, **parts: Any) -> Operations:  # noqa: ANN401 -- parts of the facts
    return operations(EN, published, dataclasses.replace(full_facts(), **parts), today)


def rows(table: Table | None) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows] if table else []


def test_the_last_and_the_next_release_are_named(published: Published) -> None:
    """With the day of the draw, and the day from which the next one is expected."""
    (row,) = rows(as_of(published, NEWEST_DRAWN).releases)
    assert row == [
        "Weekly mood",
        "30 March to 5 April 2026, published on 7 April 2026",
        "6 to 12 April 2026, expected from 14 April 2026",
        "not due yet",
    ]


@pytest.mark.parametrize(
    ("days", "state", "title", "late"),
    [
        (-1, "not due yet", "No release is late", 0),
        (0, "due today", "No release is late", 0),  # it may still come on this day
        (1, "late by 1 day", "Late: Weekly mood", 1),
        (7, "late by 7 days", "Late: Weekly mood", 1),  # the week after is due today
        (8, "late by 8 days", "Late: Weekly mood", 2),
    ],
)
def test_a_release_is_late_from_the_day_after_it_was_expected(
    published: Published, days: int, state: str, title: str, late: int
) -> None:
    """Judged by the reader's day, which is given to the view."""
    found = as_of(published, EXPECTED + timedelta(days=days), missed=())
    assert found.releases.rows[0][-1].text == state
    assert found.title == title
    assert len(rows(found.late)) == late
    assert found.as_of == f"As of {EN.day(EXPECTED + timedelta(days=days))} (UTC)."


def test_a_missed_period_stays_in_the_list(published: Published) -> None:
    """A period that later ones have overtaken is missed, not late; the title is about what is late."""
    found = as_of(published, NEWEST_DRAWN)
    assert rows(found.late) == [
        ["Weekly mood", "16 to 22 February 2026", "missed: later periods are released, this one is not"]
    ]
    assert found.title == "No release is late"
    assert as_of(published, NEWEST_DRAWN, missed=()).late_none == "No period is late, and none was missed."


def test_with_nothing_known_nothing_is_called_late(published: Published) -> None:
    """Neither late nor in time: the service has not said when its releases come."""
    found = operations(EN, published, NOTHING_KNOWN, date(2031, 1, 1))
    assert found.title == "Releases of this service"
    unknown = "not stated by the service"
    assert rows(found.releases) == [
        ["Weekly mood", f"30 March to 5 April 2026, day of publication {unknown}", unknown, unknown]
    ]
    assert found.late is None
    assert found.late_none == "Late or missed periods: not stated by the service."


def test_a_series_without_a_release_has_its_first_one_to_come(published: Published) -> None:
    """It is in the plan, so it is in the table."""
    (weekly,) = full_facts().calendar
    patterns = weekly.model_copy(update={"product": "monthly_patterns", "label": "Four-weekly patterns"})
    found = as_of(published, NEWEST_DRAWN, calendar=(weekly, patterns))
    assert rows(found.releases)[1][:2] == ["Four-weekly patterns", "none yet"]


def test_damaged_and_wholly_withheld_periods_are_named(tmp_path: Path) -> None:
    """A service of 40 people has no figure above its floor; a damaged period is not called withheld."""
    folder = publish_fake(tmp_path, Service(people=40, weeks=3))
    (folder / "releases" / PRODUCT / "2026-W05-r0" / "measures.csv").write_text("", "utf-8")
    found = operations(EN, Published.open(folder), full_facts(), NEWEST_DRAWN)
    assert rows(found.not_shown) == [
        ["Weekly mood", "26 January to 1 February 2026", "damaged files"],
        ["Weekly mood", "12 to 18 January 2026", "withheld: too few people for the noise"],
        ["Weekly mood", "19 to 25 January 2026", "withheld: too few people for the noise"],
    ]


def test_periods_that_show_something_are_not_in_the_list(published: Published) -> None:
    """Small groups are withheld in every period; that is no state of the service."""
    found = as_of(published, NEWEST_DRAWN)
    assert found.not_shown is None
    assert found.not_shown_none == "Every released period has figures that are shown."


def test_used_is_rounded_up_and_left_down(published: Published) -> None:
    """Eleven releases of rho 0.00471698: the twelfth card's sequence is 11, so 0.05188678 of 0.25 is used."""
    assert rows(as_of(published, NEWEST_DRAWN).budget) == [["2026", "21%: 0.0519 of at most 0.25", "0.1981"]]


def test_the_parts_are_those_of_the_card(published: Published) -> None:
    (row,) = rows(as_of(published, NEWEST_DRAWN).parts)
    assert row[1].startswith("standard, version 1, ")
    assert row[2] == "duckdb 2.0.0, murmuration 0.1.0, opendp 0.16.0"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("is_known", [True, False])
def test_the_page_has_every_part_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path, language: Language, *, is_known: bool
) -> None:
    """With everything known and with nothing; no bare null and no word that is not used."""
    facts = full_facts() if is_known else NOTHING_KNOWN
    whole = text(open_with_facts(monkeypatch, ordinary, "operations", facts, language=language))
    words = Words(language)
    for name in ("releases", "late", "not_shown", "budget", "parts"):
        assert words(f"operations.heading.{name}") in whole
    assert not re.search(r"\b(None|null|nan)\b", whole)
    assert not forbidden_words().search(whole)


def test_the_page_names_nothing_that_depends_on_a_record(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """No count of files, rows, entries, consents or people who left: those are exact, and nobody is promised them."""
    whole = text(open_with_facts(monkeypatch, ordinary, "operations", full_facts()))
    assert not re.search(r"\b(rows?|entries|batch\w*|inbox|withdraw\w*|consents?|quarantine\w*|erased?)\b", whole)


def test_the_page_takes_its_day_from_the_clock(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Without a given day it is the clock's, in UTC."""
    before = operations_page.today()
    whole = text(open_page(monkeypatch, ordinary, "operations"))
    assert any(EN("operations.as_of", day=EN.day(day)) in whole for day in (before, operations_page.today()))


def test_facts_are_those_that_the_service_publishes() -> None:
    """Each field of the same name comes over; the notice is its content, not its file's name."""
    facts = full_facts()
    names = [field.name for field in dataclasses.fields(Facts) if field.name != "notice"]
    said = ServiceFacts(**{name: getattr(facts, name) for name in names})
    assert Facts.of(said, facts.notice) == facts
    assert Facts.of(ServiceFacts(), None) == NOTHING_KNOWN
