"""Trends: what is drawn is what is judged, a change has its first day, the line ends at the chosen period."""

import dataclasses
import itertools
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.periods import Period
from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.published import Published
from dashboard.charts.trend import drawn_values, range_rows, trend_block, trend_rows
from dashboard.reading.figures import PublishedFigure, trend
from dashboard.reading.findings import PublishedLimits, limits
from dashboard.texts.words import Words
from dashboard.views import panels as panels_view
from dashboard.views.line import Line, Place, line_of, state_of
from dashboard.views.panels import panels
from dashboard.views.spells import spells
from dashboard.views.trends import Trends, trends
from dashboard.views.usual_range import usual_range
from tests.support.choosing import again, chosen
from tests.support.glossary import forbidden_words
from tests.support.loose import loose
from tests.support.paging import alternatives, open_page, text
from tests.support.published_fake import REASON_FEW, REASON_WIDE, Service, publish_fake

EN = Words("en")
WEEK_9 = date(2026, 3, 9)
"""The first day of the week from which low mood in the north is higher; the sixth week is never released."""


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return twelve weeks of a service of thousands, the sixth never released, with the smoothed past."""
    return publish_fake(tmp_path_factory.mktemp("ordinary"), Service(missing=frozenset({6}), has_past=True))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same from a program that publishes no modelled figures."""
    return publish_fake(tmp_path_factory.mktemp("plain"), Service(missing=frozenset({6}), is_modelled=False))


def page_of(
    folder: Path, headline: str = "low_share", table: str = "all", cohort: str = "all", period: str = ""
) -> Trends:
    """Return the page of one figure and group."""
    published = Published.open(folder)
    return trends(EN, published, chosen(published, headline, table, cohort, period))


FIGURE = PublishedFigure(
    period="2026-W14",
    first_day=date(2026, 3, 30),
    last_day=date(2026, 4, 5),
    cohort="all",
    label="All participants",
    unit="percent",
    estimate=20.0,
    noise=Interval(19.0, 21.0),
    shown=Interval(18.0, 22.0),
    people=4812.4,
    reliability="ok",
    reason="",
    since_previous=None,
    against_all=None,
    instead=None,
)


def series(*values: float, half_widths: tuple[float, ...] = ()) -> list[PublishedFigure]:
    """Return weekly figures of these values, each so uncertain to each side."""
    first = Period.parse("2026-W03")
    found: list[PublishedFigure] = []
    for number, value in enumerate(values):
        reach = half_widths[number] if half_widths else 2.0
        found.append(
            dataclasses.replace(
                FIGURE,
                period=first.name,
                first_day=first.first_day,
                last_day=first.last_day,
                estimate=value,
                shown=Interval(value - reach, value + reach),
            )
        )
        first = first.next
    return found


LIMITS = PublishedLimits("locked", 17.0, 20.0, 23.0, "2026-W03", "2026-W06", "")
"""Three to each side of 20, made of the first four weeks."""


def test_the_beginning_of_a_change_is_marked_with_its_day(ordinary: Path) -> None:
    """The rule is where the change begins, its words are at it, and the title says the same day."""
    found = page_of(ordinary, table="region", cohort="north")
    rows = trend_rows(EN, found.line)
    assert [row["text"] for row in rows["since"]] == ["since 9 March"]
    assert rows["since"][0]["day"] == (WEEK_9 - found.line.places[0].first_day).days
    assert found.title == "Low mood in North has been higher since 9 March"
    assert "Marked: higher since 9 March (4 weeks)." in found.alt
    assert [row[-1].text for row in found.table.rows if "9 to 15 March" in row[0].text] == ["higher since 9 March"]


def test_a_group_without_a_change_has_no_mark(ordinary: Path) -> None:
    found = page_of(ordinary, table="region", cohort="east")
    assert not trend_rows(EN, found.line)["since"]
    assert found.title == "Low mood in East: no change found"


def test_the_trend_ends_at_the_chosen_period(ordinary: Path) -> None:
    """What came later is not known on an earlier page."""
    found = page_of(ordinary, table="region", cohort="north", period="2026-W10")
    last = Period.parse("2026-W10").first_day
    assert max(place.first_day for place in found.line.places) == last
    assert max(point.first_day for point in found.line.modelled) == last
    assert found.panels is not None
    assert found.panels.last_day == last
    assert found.title == "Low mood in North: no change found"  # the change begins in the week after


def test_the_outlook_is_of_the_newest_release_alone(ordinary: Path) -> None:
    """What was to come after an earlier one is known by now."""
    newest = page_of(ordinary).outlook
    assert newest is not None
    assert len(newest.table.rows) == 4
    assert re.search(r"the figure of 27 April to 3 May 2026 lies between [\d.]+% and [\d.]+%", newest.sentence)
    assert page_of(ordinary, period="2026-W12").outlook is None


def test_the_outlook_is_closed(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    page = open_page(monkeypatch, ordinary, "trends")
    found = [part for part in page.expander if part.label == EN("trends.heading.outlook")]
    assert [part.proto.expanded for part in found] == [False]


def test_a_gap_breaks_the_line(ordinary: Path, plain: Path) -> None:
    """No stretch of either line holds a period on both sides of one that was not released or is withheld."""
    modelled = page_of(ordinary).line
    gap = date(2026, 2, 16)
    runs: dict[int, list[date]] = {point.run: [] for point in modelled.modelled}
    for point in modelled.modelled:
        runs[point.run].append(point.first_day)
    assert len(runs) == 2
    assert all(max(days) < gap or min(days) > gap for days in runs.values())
    line = page_of(plain, table="age_band", cohort="unknown").line
    joined = loose(trend_rows(EN, line))["joined"]
    absent = [row["day"] for row in loose(trend_rows(EN, line))["absent"]]
    assert len(absent) > 2
    for one, two in itertools.pairwise(joined):
        between = [day for day in absent if one["day"] < day < two["day"]]
        assert (one["run"] == two["run"]) == (not between)


def test_what_is_not_shown_has_its_own_mark_and_words(ordinary: Path) -> None:
    """Withheld and not released are two shapes of the key, and sentences with the reason."""
    found = page_of(ordinary, table="age_band", cohort="unknown")
    states = {row["state"] for row in trend_rows(EN, found.line)["absent"]}
    assert states == {"withheld", "not released"}
    said = " ".join(found.below)
    assert re.search(rf"Withheld: .+\. Reason: {REASON_FEW}\.", said)
    assert "Not released: 16 to 22 February 2026." in said
    assert "Not released: 16 to 22 February 2026." in found.alt
    # January 26 and February 2 lie under the floor by a swing of the made-up numbers.
    assert "26 January to 1 February 2026" in found.alt


def test_caution_is_said_with_its_periods(tmp_path: Path) -> None:
    found = page_of(publish_fake(tmp_path, Service(people=900, weeks=2)), table="region", cohort="west")
    days = "12 to 18 January 2026 and 19 to 25 January 2026"
    assert f"Read with caution: {days}. Reason: {REASON_WIDE}." in found.below


def test_a_range_follows_the_noise_of_each_period() -> None:
    """Twice the noise is twice the range; less noise than in the baseline makes it no narrower."""
    found = usual_range(LIMITS, series(20, 21, 19, 20, 20, 20, 20, half_widths=(2, 2, 2, 2, 2, 4, 1)))
    assert [(ends.low, ends.high) for ends in found.ends.values()] == [(17, 23)] * 5 + [(14, 26), (17, 23)]
    assert found.is_wider


def test_a_range_is_never_narrower_than_what_is_judged(ordinary: Path) -> None:
    """A figure inside the published limits is judged by no rule as outside, so it is never drawn outside."""
    published = Published.open(ordinary)
    for cohort in ("north", "east", "south", "west"):
        choice = chosen(published, "low_share", "region", cohort)
        line, known = line_of(published, choice), limits(published, choice, "region", cohort)
        assert known is not None
        assert line.range_ is not None
        assert all(ends.low <= known.low and ends.high >= known.high for ends in line.range_.ends.values())


def test_more_noise_alone_carries_no_figure_outside(tmp_path: Path) -> None:
    """With three times the noise a figure beyond two straight lines lies inside its own range."""
    published = Published.open(publish_fake(tmp_path, Service(wider_from=8)))
    choice = chosen(published, "low_share", "region", "south")  # about 17, and the limits are 18 and 26
    line, known = line_of(published, choice), limits(published, choice, "region", "south")
    assert known is not None
    assert line.range_ is not None
    newest = trend(published, choice, "region", "south")[-1]
    assert newest.estimate is not None
    assert newest.estimate < known.low
    assert not line.range_.is_outside(newest)
    rows = {row["day"]: row for row in loose(range_rows(line))}
    wide = rows[(newest.first_day - line.places[0].first_day).days]
    assert wide["high"] - wide["low"] > 2 * (rows[7]["high"] - rows[7]["low"])
    assert "The range is wider where a period's noise is larger." in " ".join(trends(EN, published, choice).below)


def test_a_figure_outside_its_range_is_called_no_change_unless_it_was_judged_one(ordinary: Path) -> None:
    """The chart's range is of one series; a change is judged among all. Where they differ, the page says why."""
    outside = EN("trends.outside_by_chance")
    south, north = (page_of(ordinary, table="region", cohort=cohort) for cohort in ("south", "north"))
    assert south.line.change is None
    assert outside in south.below  # about 17, below 18
    assert outside not in north.below  # judged a change
    assert outside not in page_of(ordinary, table="region", cohort="east").below  # inside


def test_the_range_is_in_words_as_in_the_chart(ordinary: Path) -> None:
    found = page_of(ordinary, table="region", cohort="east")
    row = loose(range_rows(found.line))[-1]
    between = EN.between(row["low"], row["high"], "percent")
    words = (
        f"Dashed lines: the usual range, {between} in the newest period, made of the figures of 12 to 25 January 2026"
    )
    assert words in " ".join(found.below)
    assert words in found.alt
    assert "(provisional: few figures so far)" in found.alt


def test_a_range_is_drawn_inside_the_scale() -> None:
    """Noise carries limits below 0 and above 100; no share lies there."""
    figures = series(4, 5, 6, 5)
    limits_ = dataclasses.replace(LIMITS, low=-10.0, centre=46.0, high=102.0)
    places = tuple(Place(it.period, it.first_day, it.last_day, "shown", 0, it.estimate, it.shown, it) for it in figures)
    line = Line("percent", places, (), usual_range(limits_, figures), None, is_provisional=False, change=None)
    assert {(row["low"], row["high"]) for row in range_rows(line)} == {(0.0, 100.0)}


def test_the_axis_never_leaves_the_scale(tmp_path: Path) -> None:
    """Percentages are drawn from 0 to 100, people from 0 on, whatever the noise says."""
    published = Published.open(publish_fake(tmp_path, Service(people=700, weeks=9, wider_from=1)))
    for headline in ("low_share", "mean_mood", "people"):
        for table, cohort in (("all", "all"), ("region", "north"), ("region", "west"), ("region", "centre")):
            choice = chosen(published, headline, table, cohort)
            found = trends(EN, published, choice)
            if not found.line.shown:
                continue
            spec = trend_block(EN, choice, found, "").chart.to_dict()
            scales = [layer["encoding"]["y"].get("scale") for layer in spec["layer"] if "y" in layer["encoding"]]
            low, high = next(scale["domain"] for scale in scales if scale)
            assert all(scale["domain"] == [low, high] for scale in scales if scale)
            assert low >= 0
            assert headline == "people" or high <= 100
            assert all(low <= value <= high for value in drawn_values(found.line))


def test_a_short_history_is_not_drawn_as_a_trend(tmp_path: Path) -> None:
    """A measure that looks back eight weeks finds less in the first eight: marked in words, and joined to no line."""
    service = Service(looks_back_weeks=8, is_modelled=False)
    published = Published.open(publish_fake(tmp_path, service))
    found = trends(EN, published, chosen(published))
    early = [place.period for place in found.line.of("too_early")]
    assert early == [f"2026-W{week:02d}" for week in range(3, 11)]
    joined = loose(trend_rows(EN, found.line))["joined"]
    assert min(row["day"] for row in joined) == 8 * 7
    assert {row["state"] for row in trend_rows(EN, found.line)["shown"]} >= {"too early to compare"}
    said = "Too early to compare: 8 weeks between 12 January and 8 March 2026. This figure looks back 8 weeks"
    assert said in " ".join(found.below)
    assert "Too early to compare: 8 weeks" in found.alt
    # Lowest and highest are of what can be compared.
    compared = [place.value for place in found.line.of("shown") if place.value is not None]
    assert f"Highest: {EN.amount(max(compared), 'percent')}" in found.alt


@pytest.mark.parametrize(
    ("period", "weeks", "state"),
    [
        ("2026-P07", 16, "too_early"),  # the first period: nothing lies before it
        ("2026-P10", 16, "too_early"),  # 12 weeks after the first
        ("2026-P11", 16, "shown"),  # 16 weeks after
        ("2026-P07", 0, "shown"),
        ("2026-P13", 0, "longer"),  # 2026 has a week 53
    ],
)
def test_which_periods_are_too_early_is_what_analytics_says(period: str, weeks: int, state: str) -> None:
    when = Period.parse(period)
    figure = dataclasses.replace(FIGURE, period=period, first_day=when.first_day, last_day=when.last_day)
    assert state_of(figure, weeks, Period.parse("2026-P07")) == state


def test_many_periods_are_counted_and_not_listed() -> None:
    """Nineteen week codes in one sentence are read by nobody."""
    first = date(2026, 1, 5)
    weeks = [(first + timedelta(weeks=number), first + timedelta(weeks=number, days=6)) for number in range(19)]
    assert spells(EN, weeks, "week") == "19 weeks between 5 January and 17 May 2026"
    assert spells(EN, weeks[:2], "week") == "5 to 11 January 2026 and 12 to 18 January 2026"


def test_the_days_of_104_weeks_have_at_most_six_labels(tmp_path: Path) -> None:
    """Labels that merge are no labels; with two years each has its year."""
    published = Published.open(publish_fake(tmp_path, Service(weeks=104, people=5200)))
    choice = chosen(published)
    found = trends(EN, published, choice)
    axis = trend_block(EN, choice, found, "").chart.to_dict()["layer"][0]["encoding"]["x"]["axis"]
    assert len(axis["values"]) <= 6
    assert '["4 Jan", "2027"]' in axis["labelExpr"] or "2027" in axis["labelExpr"]


def test_notes_are_letters_in_the_chart_and_sentences_below(ordinary: Path) -> None:
    """Only what happened inside the chart is marked; the order is that of the days."""
    published = Published.open(ordinary)
    notes = [(date(2026, 3, 2), "A new app"), (date(2026, 2, 2), "A new consent text"), (date(2025, 1, 1), "Long ago")]
    found = trends(EN, published, chosen(published), notes=notes)
    assert [row["text"] for row in trend_rows(EN, found.line, found.notes)["notes"]] == ["A", "B"]
    assert "A: 2 February 2026, A new consent text" in found.below
    assert "B: 2 March 2026, A new app" in found.alt
    assert "Long ago" not in " ".join([*found.below, found.alt])


def test_modelled_figures_are_the_line_and_published_ones_the_points(ordinary: Path, plain: Path) -> None:
    """Without the model the chart joins the points and says so."""
    found = page_of(ordinary)
    assert found.table.columns[1] == "With earlier periods and similar groups"
    assert found.reading == EN("trends.reading_modelled")
    assert EN("trends.not_modelled") not in found.below
    without = page_of(plain)
    assert not without.line.modelled
    assert without.table.columns[1] == "This period alone"
    assert EN("trends.not_modelled") in without.below


def test_the_detail_compares_with_everybody_else(ordinary: Path) -> None:
    """Nine points higher, as the model says, with its interval; everybody is compared with nobody."""
    said = page_of(ordinary, table="region", cohort="north").detail
    assert (
        "Compared with everybody else: higher by 9.0 percentage points (between 6.0 and 12.0 percentage points)."
        in said
    )
    assert "everybody else" not in page_of(ordinary).detail


def test_each_group_of_the_table_has_its_small_chart(ordinary: Path) -> None:
    """In the plan's order, each with its name, one scale for all; a changed one has its sign and its word."""
    found = page_of(ordinary, table="region", cohort="north").panels
    assert found is not None
    assert [panel.name for panel in found.panels] == [
        "North",
        "East",
        "South",
        "West",
        "Centre",
        "Coast",
        "Region not known",
    ]
    assert [panel.state for panel in found.panels][:2] == ["higher", "no_change"]
    assert "Marked as changed: North higher." in found.alt
    assert len(found.table.rows) == len(found.panels)


def test_at_most_24_small_charts_are_drawn(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Of more the page says how many there are, and where."""
    monkeypatch.setattr(panels_view, "MOST_PANELS", 4)
    published = Published.open(ordinary)
    found = panels(EN, published, chosen(published), "region")
    assert found is not None
    assert len(found.panels) == 4
    assert found.hint == "3 more groups have no panel here. The page Groups has all of them."


def test_small_charts_begin_again_after_a_gap(plain: Path) -> None:
    published = Published.open(plain)
    found = panels(EN, published, chosen(published), "region")
    assert found is not None
    runs = {point.run for point in found.panels[0].points}
    assert len(runs) == 2


def test_the_page_has_its_title_charts_and_table(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Two charts with text, and the chosen group in the title."""
    page = open_page(monkeypatch, ordinary, "trends", group="region.north")
    assert "Low mood in North has been higher since 9 March" in text(page)
    assert len(alternatives(page)) == 2
    assert all(alternatives(page))
    assert page.selectbox(key="by").value == "region"


def test_another_table_of_small_charts_is_kept_in_the_address(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Choosing another table than the chosen group's shows all participants again."""
    page = open_page(monkeypatch, ordinary, "trends", group="region.north")
    page.selectbox(key="by").set_value("age_band")
    again(page)
    assert page.query_params["by"] == "age_band"
    assert page.query_params["group"] == "all"
    assert "Low mood in every group, by Age band" in text(page)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_state_of_a_group_has_a_page(monkeypatch: pytest.MonkeyPatch, ordinary: Path, language: str) -> None:
    """Withheld throughout, under the floor now and then, and the first period of all; no bare null, no minus zero."""
    for address in (
        {"group": "region_by_age_band.coast/65+"},
        {"group": "age_band.unknown"},
        {"period": "2026-W03", "group": "region.north"},
        {"figure": "mood_bands.people"},
        {"figure": "mood_bands.mean_mood", "group": "region.coast"},
    ):
        page = open_page(monkeypatch, ordinary, "trends", language=language, **address)
        said = "\n".join([text(page), *alternatives(page)])
        assert not re.search(r"-0(\.0+)?(?![\d.])", said)
        assert not re.search(r"\b(None|null|nan)\b", said)
        assert language != "en" or not forbidden_words().search(said)


def test_all_withheld_is_said_without_a_chart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = publish_fake(tmp_path, Service(people=200, weeks=4, is_modelled=False))
    page = open_page(monkeypatch, folder, "trends", group="region.coast")
    assert "Low mood in Coast: withheld in this period" in text(page)
    assert f"Reason: {REASON_FEW}." in text(page)
    assert not alternatives(page)
