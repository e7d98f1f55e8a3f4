"""Summary: the first screen says what changes, since when, how sure we are, and about how many people."""

import dataclasses
import re
from datetime import date
from pathlib import Path

import pytest

from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.published import Published
from dashboard.reading.figures import PublishedFigure, trend
from dashboard.reading.findings import PublishedSignal
from dashboard.texts.words import Words
from dashboard.views import summary as view
from dashboard.views.blocks import Card
from dashboard.views.summary import Summary, strongest_change, summary
from tests.support.choosing import chosen
from tests.support.paging import open_page, text
from tests.support.published_fake import Service, publish_fake

EN, DE = Words("en"), Words("de")


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return twelve weeks of a service of thousands, the sixth never released."""
    return publish_fake(tmp_path_factory.mktemp("ordinary"), Service(missing=frozenset({6})))


@pytest.fixture(scope="module")
def published(ordinary: Path) -> Published:
    return Published.open(ordinary)


def change(
    table: str, cohort: str, size: float, headline: str = "low_share", half_width: float = 2.0
) -> PublishedSignal:
    """Return a change of nine weeks."""
    return PublishedSignal(
        measure="mood_bands",
        headline=headline,
        table=table,
        cohort=cohort,
        unit="persons" if headline == "people" else "percent",
        rule="outside",
        direction="higher" if size > 0 else "lower",
        change=size,
        interval=Interval(size - half_width, size + half_width),
        since=date(2026, 2, 2),
        periods=9,
        sentence="",
    )


def page_with(
    monkeypatch: pytest.MonkeyPatch, published: Published, *found: PublishedSignal, words: Words = EN
) -> Summary:
    """Return the first page of a release in which these changes were found."""
    monkeypatch.setattr(view, "signals", lambda *_: list(found))
    return summary(words, published, chosen(published))


NORTH, EVERYONE, AGED, PEOPLE = (
    change("region", "north", 18.0),
    change("all", "all", 2.0, half_width=1.0),
    change("region_by_age_band", "north/16-24", 40.0),
    change("all", "all", -900.0, "people", 100.0),
)


def test_the_sentence_says_where_and_since_when(monkeypatch: pytest.MonkeyPatch, published: Published) -> None:
    found = page_with(monkeypatch, published, EVERYONE, NORTH, PEOPLE)
    assert found.title == "Low mood in North has been higher since 2 February"
    german = "Niedrige Stimmung in Nord: höher seit dem 2. Februar"
    assert page_with(monkeypatch, published, NORTH, words=DE).title == german


def test_its_numbers_come_with_intervals_against_everybody_else(
    monkeypatch: pytest.MonkeyPatch, published: Published
) -> None:
    """Not against an average that the odd one has raised."""
    said = page_with(monkeypatch, published, NORTH).detail
    assert re.search(r"It is now [\d.]+% of [\w ,]+ \([\d.]+% to [\d.]+%\)\.", said)
    assert re.search(r"Compared with everybody else: (higher by [\d.]+ percentage points|no clear difference) \(", said)


def test_figures_that_the_strongest_group_moves_are_named(
    monkeypatch: pytest.MonkeyPatch, published: Published
) -> None:
    """North is part of all participants and of every age band: the same change there may be North's."""
    aged = change("age_band", "16-24", 3.0)
    east = change("region", "east", 3.0)  # of the same table: nobody is in both
    fewer = change("age_band", "25-34", -3.0)  # in the other direction
    mean = change("age_band", "35-49", 3.0, "mean_mood")  # another figure
    said = page_with(monkeypatch, published, EVERYONE, NORTH, aged, east, fewer, mean).detail
    assert said.endswith("All participants and 16 to 24 may just follow.")
    assert "follow" not in page_with(monkeypatch, published, NORTH).detail
    assert "follow" not in page_with(monkeypatch, published, EVERYONE).detail


@pytest.mark.parametrize(
    ("found", "strongest"),
    [
        ([EVERYONE, NORTH], NORTH),  # 9 half widths against 2
        ([NORTH, AGED], NORTH),  # of a group and a part of it, the group
        ([AGED], AGED),  # a part alone is what there is
        ([PEOPLE], None),  # numbers of people have their own card
        ([change("region", "north", 5.0, "mean_mood"), EVERYONE], EVERYONE),  # the chosen figure comes first
        ([], None),
    ],
)
def test_the_strongest_change_is_large_against_its_interval(
    published: Published, found: list[PublishedSignal], strongest: PublishedSignal | None
) -> None:
    assert strongest_change(chosen(published), found) == strongest


def test_three_cards_have_figure_interval_and_since_when(monkeypatch: pytest.MonkeyPatch, published: Published) -> None:
    cards = page_with(monkeypatch, published, EVERYONE, NORTH, PEOPLE).cards
    assert [card.label for card in cards] == [
        "Low mood, All participants",
        "Low mood, North",
        "People who logged, All participants",
    ]
    assert all(re.fullmatch(r"[\d.,]+%? to [\d.,]+%?", card.interval) for card in cards)
    assert [card.change for card in cards] == [
        "Higher since 2 February",
        "Higher since 2 February",
        "Lower since 2 February",
    ]
    assert all(len(card.points) == 11 for card in cards)  # twelve weeks, one never released


def test_no_change_is_said_only_where_something_was_tested(
    monkeypatch: pytest.MonkeyPatch, published: Published
) -> None:
    monkeypatch.setattr(view, "is_tested", lambda *_: True)
    assert page_with(monkeypatch, published).title.startswith("Low mood: no change found")
    monkeypatch.setattr(view, "is_tested", lambda *_: False)
    found = page_with(monkeypatch, published)
    assert found.title == "Low mood: too little history to look for changes"
    assert "8 periods" in found.detail
    assert {card.change for card in found.cards} == {"Too little history to look for changes"}
    assert not any("1 in 20" in line for line in found.sure)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("no_change", "No change found"),
        ("too_little_history", "Too little history to look for changes"),
        ("withheld", "Not looked at for changes: too few people in this period alone"),
    ],
)
def test_a_card_says_no_change_only_of_what_was_tested_itself(
    monkeypatch: pytest.MonkeyPatch, published: Published, state: str, said: str
) -> None:
    """A small group may have a modelled figure, and too few figures of its own to look for changes in."""
    series = ("mood_bands", "low_share", "all", "all")
    monkeypatch.setattr(view, "states", lambda *_: {series: state})
    assert page_with(monkeypatch, published).cards[0].change == said


def test_what_to_do_names_the_group_and_who_still_logs(monkeypatch: pytest.MonkeyPatch, published: Published) -> None:
    found = page_with(monkeypatch, published, NORTH, PEOPLE)
    assert found.do == (
        "Ask people who know North what is different.",
        "Check who still logs. Fewer people do.",
    )
    assert page_with(monkeypatch, published).do == ("Read the trend before you decide.",)


@pytest.mark.parametrize("estimate", [-3.3, 104.2])
def test_no_impossible_number_is_in_the_largest_letters(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, estimate: float
) -> None:
    """Noise carried the figure off its scale: the card says so, and its range and line end where the scale does."""
    folder = publish_fake(tmp_path, Service(is_modelled=False))
    published = Published.open(folder)
    figures = trend(published, chosen(published), "all", "all")
    beyond = [_moved(figure, estimate) if figure.period == figures[-1].period else figure for figure in figures]
    monkeypatch.setattr(view, "trend", lambda *_: beyond)
    card = summary(EN, published, chosen(published)).cards[0]
    assert card.value in {"below 0 (noise)", "above 100 (noise)"}
    assert "↓0%" in card.interval or "↑100%" in card.interval
    assert all(0.0 <= point <= 100.0 for point in card.points)


def _moved(figure: PublishedFigure, estimate: float) -> PublishedFigure:
    return dataclasses.replace(figure, estimate=estimate, shown=Interval(estimate - 5, estimate + 5))


def test_a_withheld_figure_has_no_number_and_a_reason(tmp_path: Path) -> None:
    published = Published.open(publish_fake(tmp_path, Service(people=3, weeks=2)))
    found = summary(EN, published, chosen(published, table="region", cohort="coast"))
    assert found.cards[0] == Card("Low mood, Coast", "Withheld", "", EN("summary.too_few"), (), found.cards[0].link)


def test_the_grid_has_every_group_and_figure_with_its_state(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path, published: Published
) -> None:
    """One row for each group that is known, one column for each figure, each cell one of five words and a link."""
    grid = summary(EN, published, chosen(published)).grid
    assert grid.columns == ("Group", "Low mood", "Mean mood", "People who logged")
    assert {cell.text for row in grid.rows for cell in row[1:]} <= {"higher", "lower", "none", "too new", "withheld"}
    assert all(cell.link is not None and cell.link.page == "trends" for row in grid.rows for cell in row[1:])
    body = text(open_page(monkeypatch, ordinary))
    assert all(row[0].text in body for row in grid.rows)


def test_the_page_is_short(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Without the navigation, which has about 40 words."""
    assert len(text(open_page(monkeypatch, ordinary)).split()) <= 300
