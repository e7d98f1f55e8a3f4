"""The page in its four states, its words at the boundaries, and what its charts say in text."""

import dataclasses
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from analytics import wording
from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.published import Published
from dashboard import alt_text, app, charts, notes, panels, promise, words
from dashboard.figures import Choice, PublishedDifference, PublishedFigure, comparison, not_released, overall, trend
from dashboard.rows import PublishedRow
from tests.support import fake_findings, published_fake
from tests.support.fake_findings import SENTENCE
from tests.support.glossary import forbidden_words
from tests.support.published_fake import REASON_FEW, Service, publish_fake

PRODUCT = "weekly_mood"


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return twelve weeks of a service of thousands, the sixth never released."""
    return publish_fake(tmp_path_factory.mktemp("ordinary"), Service(missing=frozenset({6})))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the weekly releases of a service of hundreds: nearly all groups are withheld."""
    return publish_fake(tmp_path_factory.mktemp("small"), Service(people=200, weeks=4))


def _page(monkeypatch: pytest.MonkeyPatch, folder: Path) -> AppTest:
    monkeypatch.setenv(app.FOLDER_VARIABLE, str(folder))
    page = AppTest.from_file(app.__file__, default_timeout=20).run()
    assert not page.exception
    return page


def _text(page: AppTest) -> str:
    """Return everything that the page says, tables, key figures and headings included."""
    parts = [*page.title, *page.header, *page.subheader, *page.markdown, *page.info, *page.warning, *page.error]
    said = [str(part.value) for part in parts] + [str(metric.value) for metric in page.metric]
    return "\n".join(said + [table.value.to_string() for table in page.table])


def _alts(page: AppTest) -> list[str]:
    return [chart.proto.alt for chart in page.get("vega_lite_chart")]


def _choice(published: Published, headline: str = "low_share") -> Choice:
    release = published.latest(PRODUCT)
    return Choice(PRODUCT, release, published.card(release), "mood_bands", headline)


FIGURE = PublishedFigure(
    period="2026-W14",
    first_day=date(2026, 3, 30),
    last_day=date(2026, 4, 5),
    cohort="all",
    label="All participants",
    unit="percent",
    estimate=23.06,
    noise=Interval(22.0, 24.1),
    shown=Interval(21.0, 25.24),
    people=4812.4,
    reliability="ok",
    reason="",
    since_previous=None,
    against_all=None,
    instead="",
)


def _differs(low: float, high: float, estimate: float = 0.0) -> PublishedDifference:
    """Return a difference that is judged by these ends, though its own single interval excludes 0."""
    return PublishedDifference(estimate, Interval(9.0, 9.5), Interval(9.0, 9.5), Interval(low, high))


def test_the_page_shows_the_newest_release(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """An ordinary page has its headline in words, two charts with text, and every section in order."""
    page = _page(monkeypatch, ordinary)
    text = _text(page)
    assert "Weekly mood, 30 March to 5 April 2026" in text
    assert re.search(
        r"On average, people logged low mood on \d\d\.\d% of the days they logged \(between [\d.]+% and [\d.]+%\)\.",
        text,
    )
    assert "Compared with the week before: no clear difference" in text
    assert "Not released: 16 to 22 February 2026." in text
    assert [header.value for header in page.header][1:] == [
        "Low mood: 1 signal in this week",
        "How it changes",
        "How groups compare",
        "Who is counted: about 5,179 people",
        "What each participant is promised",
        "What this page can and cannot tell you",
        "Download and cite",
    ]
    assert len(_alts(page)) == 2
    assert all(_alts(page))


def test_signals_limits_and_outlook_are_shown(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Signals are sentences with what they cannot say; limits and outlook are in words as in the chart."""
    page = _page(monkeypatch, ordinary)
    text = _text(page)
    assert SENTENCE.format(period="2026-W14") in text
    assert notes.SIGNALS in text
    assert "Dashed: the usual range, between 18.0% and 26.0%, from figures of 12 to 25 January 2026" in text
    assert "(provisional: few figures so far)." in text
    assert "Squares: the outlook. The figure for 2026-W18 lies about here." in text
    assert "Dashed: the usual range, between 18.0% and 26.0%" in _alts(page)[0]
    assert re.search(r"Outlook for 27 April to 3 May 2026: between [\d.]+% and [\d.]+%\.", _alts(page)[0])
    page.selectbox(key=f"figure-{PRODUCT}-mood_bands").set_value("mean_mood").run()
    assert page.header[1].value == "Mean mood: no signal in this week"
    assert page.expander[0].label == "More signals of this release (1)"


def test_a_change_that_goes_on_is_the_title_of_the_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A rise weeks ago is no difference from the week before, and a planner reads the title first."""
    claim = "Low mood in North has been higher since 23 March"
    monkeypatch.setattr(fake_findings, "SENTENCE", f"{claim}: above its usual range in both weeks ({{period}}).")
    page = _page(monkeypatch, publish_fake(tmp_path))
    assert page.header[0].value == claim
    page.selectbox(key=f"figure-{PRODUCT}-mood_bands").set_value("mean_mood").run()
    assert page.header[0].value.startswith("Mean mood: ")


def test_an_earlier_release_has_its_own_limits_and_no_outlook(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """What was to come is known by now, and the first releases have too few figures for limits."""
    page = _page(monkeypatch, ordinary)
    chooser = page.selectbox(key=f"period-{PRODUCT}")
    chooser.select_index(len(chooser.options) - 1).run()
    assert "outlook" not in _alts(page)[0].lower()
    assert "Dashed: the usual range" not in _text(page)


@pytest.mark.parametrize("state", ["ordinary", "small", "empty", "damaged", "unset"])
def test_every_state_points_to_help(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ordinary: Path, small: Path, state: str
) -> None:
    """Whatever the state, the page says who it is about, that it is about no one person, and where help is."""
    folders = {"ordinary": ordinary, "small": small}
    folder = folders.get(state, tmp_path / "published")
    if state == "damaged":
        publish_fake(folder, Service(weeks=1))
        (folder / "releases" / PRODUCT / "2026-W03-r0" / "measures.csv").write_text("", "utf-8")
    if state == "unset":
        monkeypatch.delenv(app.FOLDER_VARIABLE, raising=False)
        page = AppTest.from_file(app.__file__, default_timeout=20).run()
    else:
        page = _page(monkeypatch, folder)
    text = _text(page)
    assert "people who chose to log" in text
    assert notes.NOT_ABOUT_YOU in text
    assert text.count(wording.HELP_LINE) == 2  # at the top and at the foot


def test_the_page_never_says_minus_zero_or_none(monkeypatch: pytest.MonkeyPatch, ordinary: Path, small: Path) -> None:
    """No number is shown as -0, and nothing that is missing is shown as a bare null."""
    for folder in (ordinary, small):
        text = _text(_page(monkeypatch, folder))
        assert not re.search(r"-0(\.0+)?(?![\d.])", text)
        assert not re.search(r"\b(None|null|nan)\b", text)


def test_the_promise_is_whole(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Wherever epsilon is, its unit, horizon and delta are too."""
    text = _text(_page(monkeypatch, ordinary))
    assert "at most 18 in 100 members" in text
    assert "one participant and their whole record" in text
    assert "everything released about ISO year 2026" in text
    assert "epsilon 3.55 at delta 1 in a million, 4.44 at delta 1 in a billion" in text
    assert "From the bound on rho alone: 22 in 100 after 1 year, 45 in 100 after 3 years and 63 in 100" in text


def test_a_card_of_before_has_its_promise(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where an older program's card does not tell the odds from the loss alone, the others are shown."""
    whole = published_fake._card

    def older(*words: Any) -> dict[str, Any]:  # noqa: ANN401 -- passed through
        card = whole(*words)
        for each in card["promise"]["odds"]:
            del each["recognised_in_100_by_zcdp_alone"]
        return card

    monkeypatch.setattr(published_fake, "_card", older)
    text = _text(_page(monkeypatch, publish_fake(tmp_path / "older")))
    assert "at most 18 in 100 members" in text
    assert "From the bound on rho alone" not in text


def test_a_small_service_reads_what_would_help(monkeypatch: pytest.MonkeyPatch, small: Path) -> None:
    """Where nearly all groups are withheld, the page says why and names the plan for small services."""
    page = _page(monkeypatch, small)
    assert "Nearly all groups are withheld" in page.warning[0].value
    assert "`small` plan" in page.warning[0].value
    assert "all 7 groups are withheld" in _text(page)
    assert f"withheld: {REASON_FEW}" in _text(page)
    assert len(_alts(page)) == 1


def test_main_takes_any_published_value(ordinary: Path) -> None:
    """The page is a function of what is published: no folder, variable or cache is needed."""

    def script(published: "Published") -> None:
        from dashboard.app import main  # noqa: PLC0415 -- Streamlit runs this body alone

        main(published)

    full = AppTest.from_function(script, args=(Published.open(ordinary),), default_timeout=20).run()
    assert not full.exception
    assert full.metric[1].value == "5,179 people"
    empty = AppTest.from_function(script, args=(Published(),), default_timeout=20).run()
    assert "murmuration release" in empty.info[0].value


def test_an_empty_home_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Before the first release the page names the command that makes one, and shows no figure."""
    page = _page(monkeypatch, tmp_path)
    assert "murmuration release" in page.info[0].value
    assert not page.metric


def test_damaged_files_show_no_figure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of damaged files the page shows one sentence and no number."""
    publish_fake(tmp_path, Service(weeks=2))
    path = tmp_path / "releases" / PRODUCT / "2026-W03-r0" / "measures.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    page = _page(monkeypatch, tmp_path)
    assert "damaged" in page.error[0].value
    assert not page.metric
    assert not _alts(page)
    assert not page.table


def test_a_release_is_seen_without_a_restart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is published after the page was opened is there at its next run."""
    page = _page(monkeypatch, tmp_path)
    publish_fake(tmp_path, Service(weeks=1))
    assert "this is the first period released" in _text(page.run())


@pytest.mark.parametrize("headline", ["mean_mood", "people"])
def test_every_headline_can_be_chosen(monkeypatch: pytest.MonkeyPatch, ordinary: Path, headline: str) -> None:
    """Mean mood and people have a page of their own; people are compared with nothing."""
    page = _page(monkeypatch, ordinary)
    page.selectbox(key=f"figure-{PRODUCT}-mood_bands").set_value(headline).run()
    assert not page.exception
    assert ("compared with all participants" in _text(page).lower()) == (headline == "mean_mood")


def test_every_table_and_cohort_can_be_chosen(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """The trend and the comparison follow the table and the group that are chosen, in words of the card."""
    page = _page(monkeypatch, ordinary)
    page.selectbox(key="trend-table").set_value("region").run()
    assert page.selectbox(key="trend-region").options == [
        "North",
        "East",
        "South",
        "West",
        "Centre",
        "Coast",
        "Region not known",
    ]
    assert page.subheader[0].value == "Low mood, North: 1 clear rise in 11 weeks"
    page.selectbox(key="comparison-table").set_value("region_by_age_band").run()
    assert not page.exception
    assert "by region by age band" in _alts(page)[1]
    page.selectbox(key="trend-table").set_value("region_by_age_band").run()
    page.selectbox(key="trend-region_by_age_band").set_value("coast/65+").run()
    assert "every period of this group is withheld" in _text(page)


def test_an_earlier_period_can_be_chosen(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """The first period says that there is nothing before it, and a period after a gap says so too."""
    page = _page(monkeypatch, ordinary)
    chooser = page.selectbox(key=f"period-{PRODUCT}")
    chooser.select_index(len(chooser.options) - 1).run()
    assert "this is the first period released" in _text(page)
    page.selectbox(key=f"period-{PRODUCT}").select_index(5).run()
    assert words.NOT_COMPARED in _text(page)


def test_products_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With more than one product the reader chooses between them."""
    other = Service(weeks=2, product="weekly_more", label="Weekly mood again")
    page = _page(monkeypatch, publish_fake(tmp_path, Service(weeks=2), other))
    page.selectbox(key="product").set_value("weekly_more").run()
    assert not page.exception
    assert "Weekly mood again, 19 to 25 January 2026" in _text(page)


def test_a_trend_says_why_periods_are_to_be_read_with_caution(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each reason is once below the chart, with the periods that it holds for."""
    page = _page(monkeypatch, publish_fake(tmp_path, Service(people=900, weeks=2)))
    page.selectbox(key="trend-table").set_value("region").run()
    page.selectbox(key="trend-region").set_value("west").run()
    assert (
        f"Caution: the weeks from 12 January and 19 January 2026. "
        f"Reason: {words.plain_reason(published_fake.REASON_WIDE)}."
    ) in _text(page)


def test_two_groups_can_be_compared(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Whichever is chosen first, the published sentence of the two is shown; the unknown place is not offered."""
    page = _page(monkeypatch, ordinary)
    assert page.selectbox(key="pair-region").options == ["North", "East", "South", "West", "Centre", "Coast"]
    page.selectbox(key="pair-region").set_value("south").run()
    page.selectbox(key="pair-region-south").set_value("east").run()
    assert "low_share: east and south." in _text(page)
    page.selectbox(key="comparison-table").set_value("region_by_age_band").run()
    assert not page.exception
    assert not [box for box in page.selectbox if box.label == "Compare"]


def test_a_figure_that_is_one_category_is_not_explained_by_itself(ordinary: Path) -> None:
    """Which categories are counted is said where the figure's name does not say it already."""
    choice = _choice(Published.open(ordinary))
    assert "Low mood means: Very low (under 12.5) and Low (12.5 to under 37.5)." in panels._definition(choice)
    whole = choice.card.measures["mood_bands"]
    low = whole.headlines["low_share"].model_copy(update={"weights": (1, 0, 0, 0, 0)})
    changes = {
        "headlines": {**whole.headlines, "low_share": low},
        "categories": {**whole.categories, "band_1": "Low mood"},
    }
    one = choice.card.model_copy(update={"measures": {"mood_bands": whole.model_copy(update=changes)}})
    assert "Low mood means" not in panels._definition(dataclasses.replace(choice, card=one))


def test_no_impossible_number_is_displayed() -> None:
    """Beyond 0 and 100 a figure says so, an end is cut with an arrow, and the chart draws nothing past its scale."""
    low = dataclasses.replace(FIGURE, estimate=-1.2, shown=Interval(-3.0, 4.0))
    assert words.figure_cell(low) == "below 0 (noise) (↓0% to 4.0%)"
    high = dataclasses.replace(FIGURE, estimate=99.0, shown=Interval(97.0, 100.4))
    assert words.figure_cell(high) == "99.0% (97.0% to ↑100%)"
    few = dataclasses.replace(FIGURE, unit="persons", estimate=3.0, shown=Interval(-9.0, 15.0))
    assert words.figure_cell(few) == "3 people (↓0 to 15)"
    drawn = charts._ends(low)
    assert (drawn["estimate"], drawn["shown_low"], drawn["shown_high"]) == (0.0, 0.0, 4.0)


def test_no_signal_is_said_only_where_something_was_tested(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In the first weeks no series has enough figures: the page says so, and does not say that nothing changed."""
    page = _page(monkeypatch, publish_fake(tmp_path, Service(weeks=2)))
    assert page.header[1].value == "Low mood: too little history to look for changes"
    assert notes.NOT_TESTED in _text(page)
    assert "no signal in" not in _text(page)


def test_the_own_line_of_a_service_is_at_top_and_foot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The line of service.yaml replaces the general one on every page."""
    own = "Our crisis line: 0800 000 000, day and night."
    monkeypatch.setenv(promise.HELP_VARIABLE, own)
    for folder in (tmp_path / "nothing", publish_fake(tmp_path / "some", Service(weeks=1))):
        text = _text(_page(monkeypatch, folder))
        assert text.count(own) == 2
        assert wording.HELP_LINE not in text


def test_the_page_holds_no_word_that_is_not_used(monkeypatch: pytest.MonkeyPatch, ordinary: Path, small: Path) -> None:
    """No word of the glossary's list is in the page's texts, and no ISO week is in a heading."""
    for folder in (ordinary, small):
        page = _page(monkeypatch, folder)
        assert not forbidden_words().search(_text(page))
        for part in [*page.header, *page.subheader]:
            assert not re.search(r"\d{4}-[WP]\d\d", str(part.value))


@pytest.mark.parametrize(
    ("shown", "unit", "beyond"),
    [
        (Interval(-0.1, 5.0), "percent", True),
        (Interval(97.0, 100.1), "0-100", True),
        (Interval(0.0, 100.0), "percent", False),
        (Interval(40.0, 900.0), "persons", False),  # people have no scale that ends at 100
        (Interval(-4.0, 900.0), "persons", True),  # but nobody counts fewer than none
    ],
)
def test_ends_beyond_the_scale_are_found(shown: Interval, unit: str, *, beyond: bool) -> None:
    """Noise may carry an interval past 0 or 100; the page says how to read that where it happens."""
    assert panels.reaches_beyond([FIGURE, dataclasses.replace(FIGURE, shown=shown, unit=unit)]) == beyond


def test_a_page_within_the_scale_does_not_speak_of_its_ends(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Nothing is explained that is not there to see."""
    assert notes.BEYOND not in _text(_page(monkeypatch, ordinary))


def test_weekly_figures_come_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The page opens with the product that tells soonest whether something changes."""
    longer = Service(weeks=2, product="a_longer_one", label="Patterns", cadence="four_weeks")
    page = _page(monkeypatch, publish_fake(tmp_path, longer, Service(weeks=2)))
    assert page.selectbox(key="product").options == ["Weekly mood", "Patterns"]
    assert page.selectbox(key="product").value == PRODUCT


def test_of_many_measures_one_is_chosen_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A product of several measures asks for the measure, then for one of its figures."""
    folder = publish_fake(tmp_path, Service(weeks=2, measures=("mood_bands", "mood_again")))
    page = _page(monkeypatch, folder)
    page.selectbox(key=f"measure-{PRODUCT}").set_value("mood_again").run()
    page.selectbox(key=f"figure-{PRODUCT}-mood_again").set_value("mean_mood").run()
    assert not page.exception
    assert page.header[0].value.startswith("Mean mood")
    assert [box.label for box in page.selectbox][:3] == ["Period", "Measure", "Figure"]


def test_one_measure_is_not_asked_for(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Where there is nothing to choose there is no box."""
    assert [box.label for box in _page(monkeypatch, ordinary).selectbox][:2] == ["Period", "Figure"]


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (-0.04, "percent", "0.0"),  # rounds to zero: never -0
        (-0.4, "persons", "0"),
        (-12.34, "percent", "-12.3"),  # of a difference; a figure is cut at its scale
        (4812.4, "persons", "4,812"),
    ],
)
def test_numbers_are_rounded_for_display(value: float, unit: str, said: str) -> None:
    """Shares have one decimal, people are whole, and there is no minus zero."""
    assert wording.number(value, unit) == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, "not known"),
        (_differs(0.1, 2.0), "higher"),
        (_differs(0.0, 2.0), "no clear difference"),  # touches 0
        (_differs(-2.0, 0.0), "no clear difference"),  # touches 0
        (_differs(-2.0, -0.1), "lower"),
        (_differs(-1.0, 1.0), "no clear difference"),
    ],
)
def test_a_verdict_needs_an_interval_off_zero(found: PublishedDifference | None, said: str) -> None:
    """Only an interval for all groups at once that excludes 0 is called higher or lower."""
    assert words.verdict(found) == said


def test_a_difference_comes_with_its_interval() -> None:
    """A difference is a verdict, a signed number and an interval; rounding does not hide which side of 0 it lies on."""
    assert words.difference(_differs(0.4, 3.8, 2.1), "percent") == (
        "higher, by 2.1 percentage points (between 0.4 and 3.8 percentage points)"
    )
    assert words.difference_cell(_differs(0.01, 3.8, 2.1), "percent") == "higher: +2.1 (0.01 to 3.8)"
    assert words.difference_cell(_differs(-2.0, -0.01, -1.0), "0-100") == "lower: -1.0 (-2.0 to -0.01)"
    assert words.difference_cell(_differs(-0.01, 2.7, 1.3), "percent") == ("no clear difference: +1.3 (-0.01 to 2.7)")
    assert words.difference_cell(None, "percent").startswith("not known")


def test_the_headline_says_what_counts() -> None:
    """A share is of logged days with each person counting once; a withheld figure gives its reason instead."""
    for among in ("of the days they logged", "of logged days, each person counting once"):  # today's plan, and before
        assert words.headline("Low mood", "share", FIGURE, among) == (
            "On average, people logged low mood on 23.1% of the days they logged (between 21.0% and 25.2%)."
        )
    assert words.headline("Returning", "share", FIGURE, "of people who log") == (
        "Returning: 23.1% of people who log (between 21.0% and 25.2%)."
    )
    held = dataclasses.replace(FIGURE, estimate=None, noise=None, shown=None, reason="withheld: too uncertain")
    assert words.headline("Low mood", "share", held) == "Low mood: withheld: too uncertain."


def test_a_row_without_a_whole_interval_is_withheld() -> None:
    """A figure without an estimate, or with an end that is no number, is never shown in part."""
    ends = {
        f"{name}_{kind}_{end}": None
        for name in ("since_previous", "against_all")
        for kind in ("noise", "shown", "at_once")
        for end in ("low", "high")
    } | {"instead": "", "sentence": ""}
    row = dataclasses.asdict(FIGURE) | ends | {"noise_low": 1.0, "noise_high": 2.0, "shown_low": 1.0}
    whole = PublishedFigure.from_row(PublishedRow(row | {"shown_high": 2.0}), "All participants")
    assert (whole.estimate, whole.is_withheld) == (23.06, False)
    for end in (None, float("inf"), float("nan")):
        figure = PublishedFigure.from_row(PublishedRow(row | {"shown_high": end}), "All participants")
        assert figure.is_withheld
        assert (figure.noise, figure.shown, figure.reliability) == (None, None, "withheld")


@pytest.mark.parametrize(
    ("value", "digits", "said"), [(4.44, 2, "4.44"), (3.541, 2, "3.55"), (0.25, 4, "0.25"), (99.2, 0, "100")]
)
def test_losses_are_rounded_up(value: float, digits: int, said: str) -> None:
    """A loss is never stated smaller than it is, nor a floor lower."""
    assert wording.rounded_up(value, digits) == said


def test_lists_read_as_sentences() -> None:
    """Names with commas of their own are set apart by semicolons."""
    assert wording.listed([]) == "none"
    assert wording.listed(["North"]) == "North"
    assert wording.listed(["North", "East", "South"]) == "North, East and South"
    assert wording.listed(["North, 65 and over", "East", "South"]) == "North, 65 and over; East; South"


def test_missing_periods_are_found() -> None:
    """Each missing period lies between two figures; the last four weeks of a long year take its 53rd week."""
    start, after = dataclasses.replace(FIGURE), dataclasses.replace(FIGURE, first_day=date(2026, 4, 20))
    assert not_released([start, after], "week") == [
        (date(2026, 4, 6), date(2026, 4, 12)),
        (date(2026, 4, 13), date(2026, 4, 19)),
    ]
    assert not_released([start, dataclasses.replace(FIGURE, first_day=date(2026, 4, 6))], "week") == []
    autumn = dataclasses.replace(FIGURE, last_day=date(2026, 11, 29))
    spring = dataclasses.replace(FIGURE, first_day=date(2027, 1, 4))
    assert not_released([autumn, spring], "four_weeks") == [(date(2026, 11, 30), date(2027, 1, 3))]


def test_the_trend_in_text_says_what_is_absent(ordinary: Path) -> None:
    """The text of the trend names its ends, what is withheld and what was not released."""
    published = Published.open(ordinary)
    choice = _choice(published)
    said = alt_text.trend_alt(trend(published, choice, "age_band", "unknown"), choice)
    assert said.startswith("Line chart of low mood, Age not known, 12 January to 5 April 2026.")
    assert "Withheld: 26 January and 2 February 2026." in said
    assert said.endswith("Not released: 16 to 22 February 2026.")


def test_the_comparison_in_text_has_verdict_and_interval(ordinary: Path) -> None:
    """The text of the comparison gives each group its verdict and interval, highest first; of many, the clear ones."""
    published = Published.open(ordinary)
    choice = _choice(published)
    everyone = overall(published, choice)
    said = alt_text.comparison_alt(comparison(published, choice, "region"), everyone, choice, "Region")
    assert re.search(r"All participants: [\d.]+% \([\d.]+% to [\d.]+%\)\. North: higher [\d.]+% \(", said)
    assert said.endswith("Withheld: none.")
    many = alt_text.comparison_alt(
        comparison(published, choice, "region_by_age_band"), everyone, choice, "Region by age band"
    )
    assert "others show no clear difference; the table has all" in many


def test_what_can_be_read_instead_is_offered(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """The withheld groups of a comparison, and of a trend, come with what to read instead, in words."""
    page = _page(monkeypatch, ordinary)
    offered = [
        row["sentence"]
        for row in Published.open(ordinary).measures(PRODUCT).to_dicts()
        if (row["period"], row["table"], row["headline"], row["instead"])
        == ("2026-W14", "region_by_age_band", "low_share", "parent")
    ]
    assert offered
    assert not any(sentence in _text(page) for sentence in offered)
    page.selectbox(key="comparison-table").set_value("region_by_age_band").run()
    assert all(f"- {sentence}" in _text(page) for sentence in offered)
    assert f"What you can read instead ({len(offered)})" in [one.label for one in page.expander]
    page.selectbox(key="trend-table").set_value("region_by_age_band").run()
    page.selectbox(key="trend-region_by_age_band").set_value("unknown/unknown").run()
    assert published_fake.INSTEAD.format(headline="low_share", cohort="unknown/unknown") in [
        part.value for part in page.markdown
    ]


def test_verdicts_say_that_groups_are_judged_at_once(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """The page says so where groups are compared and where changes are listed, and shows the wider interval."""
    text = _text(_page(monkeypatch, ordinary))
    assert notes.COMPARE_WITH_CARE in text
    assert notes.CHANGES in text
    published = Published.open(ordinary)
    north = comparison(published, _choice(published), "region")[0].against_all
    assert north is not None
    assert north.simultaneous.low < north.shown.low
    assert f"higher: {north.estimate:+.1f} ({north.simultaneous.low:.1f} to {north.simultaneous.high:.1f})" in text


def test_charts_break_where_nothing_is_shown(ordinary: Path) -> None:
    """Withheld and unreleased periods have their own shapes on the axis, and the line does not cross them."""
    published = Published.open(ordinary)
    choice = _choice(published)
    chart = charts.trend_chart(trend(published, choice, "age_band", "unknown"), choice, charts.DARK_INK).to_dict()
    states = chart["layer"][4]["encoding"]["shape"]["scale"]["domain"]
    assert {"withheld", "not released"} <= set(states)
    assert chart["layer"][3]["encoding"]["detail"]["field"] == "run"
    runs = {row["run"] for rows in chart["datasets"].values() for row in rows if row["estimate"] is not None}
    assert len(runs) > 2
