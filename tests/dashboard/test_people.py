"""Who is counted: how many people log and since when fewer, who joins and leaves, which groups, never a false trend."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.published import Published
from dashboard.charts.people import people_chart
from dashboard.reading.choices import choice_of
from dashboard.reading.findings import PublishedSignal
from dashboard.texts.words import Words
from dashboard.views.elsewhere import counting, of_measure
from dashboard.views.people import people
from dashboard.views.people_over_time import people_over_time
from dashboard.views.source import Source
from tests.support.fake_patterns import Patterns, publish_patterns
from tests.support.loose import loose
from tests.support.paging import alternatives, open_page, text
from tests.support.published_fake import Service, publish_fake

ENGLISH = Words("en")
FALL = PublishedSignal(
    measure="mood_bands",
    headline="people",
    table="all",
    cohort="all",
    unit="persons",
    rule="run",
    direction="lower",
    change=-2187.0,
    interval=Interval(-3360.0, -1014.0),
    since=date(2026, 2, 2),
    periods=7,
    sentence="",
)
"""Seven weeks with fewer people."""


@pytest.fixture(scope="module")
def weekly(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Return twelve weeks, the sixth never released."""
    return Published.open(publish_fake(tmp_path_factory.mktemp("weekly"), Service(missing=frozenset({6}))))


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return five periods of patterns beside a weekly product."""
    return publish_patterns(tmp_path_factory.mktemp("patterns"))


def opened(monkeypatch: pytest.MonkeyPatch, folder: Path, **address: str) -> AppTest:
    """Return the page."""
    return open_page(monkeypatch, folder, "people", **address)


def tables(page: AppTest) -> str:
    """Return the page's HTML."""
    return "\n".join(str(block.proto.body) for block in page.get("html"))


def test_the_first_line_says_how_many_people_with_their_range(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Of the group, as the sentence names it; then whether that changes, and that it is no sample."""
    said = text(opened(monkeypatch, ordinary, group="region.north"))
    assert re.search(r"The number of people who logged in North: about 1,\d{3} people \(1,\d{3} to 1,\d{3}\)", said)
    assert "No change found in the number of people." in said
    assert "Not a sample of everyone here" in said


def test_a_fall_is_said_with_its_beginning_and_its_size(weekly: Published) -> None:
    """In the chart's title, in the words for people who do not see it, and as a mark."""
    choice = counting(choice_of(weekly, "", "", "", ""))
    found = people_over_time(ENGLISH, weekly, choice, FALL, "")
    assert found.title == "The number of people has been lower since 2 February (7 weeks)"
    assert found.since == (date(2026, 2, 2), "2 Feb")
    assert found.alt.endswith("The number of people has been lower since 2 February (7 weeks).")
    assert re.match(
        r"The number of people who logged among all participants: 5,\d{3} people from 12 January", found.alt
    )
    chart = loose(people_chart(ENGLISH, found, Source("whose", "stem")).specification())
    marks = [layer["mark"]["type"] for layer in chart["layer"]]
    assert marks.count("rule") == 1
    without = people_over_time(ENGLISH, weekly, choice, None, "No change found")
    chart = loose(people_chart(ENGLISH, without, Source("whose", "stem")).specification())
    assert "rule" not in [layer["mark"]["type"] for layer in chart["layer"]]


def test_a_fall_looks_as_large_as_it_is(weekly: Published) -> None:
    """The scale begins at 0, and a period that was never released has no point."""
    choice = counting(choice_of(weekly, "", "", "", ""))
    found = people_over_time(ENGLISH, weekly, choice, None, "No change found")
    spec = json.dumps(people_chart(ENGLISH, found, Source("whose", "stem")).specification())
    assert '"zero": true' in spec
    assert len(found.rows) == 11  # twelve weeks, the sixth never released
    assert date(2026, 2, 16) not in {row.day for row in found.rows}


def test_an_early_period_shows_nothing_that_came_later(weekly: Published) -> None:
    """As of the fourth week there are four."""
    choice = counting(choice_of(weekly, "", "2026-W06", "", ""))
    found = people_over_time(ENGLISH, weekly, choice, None, "")
    assert [row.day for row in found.rows] == [date(2026, 1, day) for day in (12, 19, 26)] + [date(2026, 2, 2)]


def test_who_is_new_is_no_trend_in_a_young_service(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """It looks back 16 weeks: of five periods only the fifth can be compared, so no period is set against another."""
    page = opened(monkeypatch, ordinary, product="monthly_patterns")
    said = text(page)
    assert "New or back after 16 weeks, of people who log" in said
    assert (
        "Who is new cannot be compared over time yet: it looks back 16 weeks, and the first release begins on" in said
    )
    assert "Periods that can be compared" not in said


def test_periods_that_can_be_compared_are_shown_and_no_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of seven periods the last three: the first four look back to before the first release."""
    folder = publish_patterns(tmp_path, Patterns(periods=7, first=5), is_weekly=False)
    page = opened(monkeypatch, folder, product="monthly_patterns")
    assert "cannot be compared over time yet" not in text(page)
    (rows,) = re.findall(r"<caption>Periods that can be compared.*?</table>", tables(page))
    assert rows.count('<th scope="row">') == 3
    assert "5 October to 1 November 2026" in rows


def test_joiners_are_taken_from_the_product_that_counts_them(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """The weekly product does not; its newest week is after the newest four weeks, an early one before the first."""
    said = text(opened(monkeypatch, ordinary))
    assert "From the series “Four-weekly patterns”, 5 October to 1 November 2026." in said
    assert "Lapsed, of people who logged in the period before" in said
    early = text(opened(monkeypatch, ordinary, period="2026-W05"))
    assert "Four-weekly patterns”" not in early
    assert "Lapsed" not in early


def test_another_product_s_figures_are_of_the_same_group_or_say_that_they_are_not(ordinary: Path) -> None:
    """The patterns have regions and no services."""
    published = Published.open(ordinary)
    north = of_measure(published, choice_of(published, "weekly_mood", "", "", "region.north"), "attendance")
    assert north is not None
    assert (north.product, north.table, north.cohort) == ("monthly_patterns", "region", "north")
    service = choice_of(published, "weekly_mood", "", "", "service.primary_care")
    other = of_measure(published, service, "attendance")
    assert other is not None
    assert (other.table, other.cohort) == ("all", "all")
    found = people(ENGLISH, published, service)
    assert found.joiners is not None
    assert "These figures are of all participants." in found.joiners.lines[0]
    assert found.stayers is not None
    assert "These figures are of all participants." in " ".join(found.stayers.lines)
    assert found.stayers.tables[0].columns[1] == "All participants"


def test_those_who_stay_are_shown_with_how_the_same_people_changed(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path
) -> None:
    """15.4 in 100 lapsed (14.5 to 16.3), so that 84.6 logged again."""
    said = text(opened(monkeypatch, ordinary, product="monthly_patterns"))
    assert "Logged again, of people who logged in the period before" in said
    assert "84.6% (83.7% to 85.5%)" in said
    assert "Logged on 8 days or more, of people who logged" in said
    assert "More people got worse than better, compared with their own period before." in said


def test_groups_are_in_one_table_in_fixed_order_and_withheld_ones_in_one_line(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path
) -> None:
    """The coast has too few people; all others follow the grid, each leading to its trend."""
    page = opened(monkeypatch, ordinary, product="monthly_patterns", figure="days_logged.regular")
    (rows,) = re.findall(r"<caption>People who logged, by group.*?</table>", tables(page))
    names = re.findall(r'<th scope="row">(.*?)</th>', rows)
    regions = [f"Region: {name}" for name in ("North", "East", "South", "West", "Centre", "Region not known")]
    assert names == ["All participants", *regions]
    assert "figure=days_logged.people&amp;group=region.north" in rows
    assert [line for line in text(page).splitlines() if line.startswith("Withheld")] == [
        "Withheld, too few people: Region: Coast."
    ]


def test_a_figure_of_fewer_people_says_how_many_of_them_it_is_about(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path
) -> None:
    """12,000 logged; 10,900 of them in enough weeks."""
    said = text(opened(monkeypatch, ordinary, product="monthly_patterns", figure="persistence.persistently_low"))
    assert "The number of people who logged among all participants: about 12,000 people" in said
    assert "The figure “Persistent low mood” is about 10,900 people of them." in said
    of_all = text(opened(monkeypatch, ordinary, product="monthly_patterns", figure="days_logged.regular"))
    assert "people of them" not in of_all


def test_without_public_sizes_nothing_is_said_of_them(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Neither coverage nor weights, not even their titles."""
    said = text(opened(monkeypatch, ordinary))
    assert "Public sizes" not in said
    assert "weighted" not in said.lower()


def test_the_chart_says_its_numbers_to_people_who_do_not_see_it(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path
) -> None:
    (said,) = alternatives(opened(monkeypatch, ordinary))
    assert re.search(r"5,\d{3} people from 12 January; 5,\d{3} people from 9 November", said)


def test_in_german_no_sentence_is_english(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    said = text(opened(monkeypatch, ordinary, language="de"))
    assert "Anzahl: Personen, die eingetragen haben" in said
    assert "Wer dazukommt und wer geht" in said
    assert not re.search(r"\b(people|logged|since|Group|Region:|Four-weekly)\b", said.replace("Region: ", ""))
