"""Patterns: a clinician finds how long low mood lasts, weekdays and how sure that is, about a group and no patient."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.trends.estimation.intervals import Interval
from dashboard.views.chance import AgainstChance, widened
from tests.support.fake_patterns import Patterns, publish_patterns
from tests.support.paging import alternatives, open_page, text

CAUSE = re.compile(
    r"\bcaus(e|es|ed)\b|because|due to|leads? to|\beffect of\b|\bdepress|disorder|symptom", re.IGNORECASE
)


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return five periods of patterns beside a weekly product."""
    return publish_patterns(tmp_path_factory.mktemp("patterns"))


def opened(monkeypatch: pytest.MonkeyPatch, folder: Path, figure: str, **address: str) -> AppTest:
    """Return the page for a figure of the patterns."""
    return open_page(monkeypatch, folder, "patterns", product="monthly_patterns", figure=figure, **address)


def marks(page: AppTest) -> str:
    """Return the page's HTML."""
    return "\n".join(str(block.proto.body) for block in page.get("html"))


def test_a_weekly_product_leads_to_the_one_with_patterns(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """The weekly product has one measure; the page offers the product with most of them, and keeps its own card."""
    page = open_page(monkeypatch, ordinary, "patterns")
    assert "More patterns are in the series “Four-weekly patterns”" in text(page)
    assert 'href="./patterns?product=monthly_patterns"' in marks(page)
    assert "Mood over the days logged" in text(page)
    rich = opened(monkeypatch, ordinary, "persistence.persistently_low")
    assert "More patterns are in" not in text(rich)


def test_there_is_a_card_for_each_measure_in_the_order_of_the_plan(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path
) -> None:
    """Each with its figure, its range and its state in words, and a link to itself on this page."""
    page = opened(monkeypatch, ordinary, "persistence.persistently_low")
    links = re.findall(r'<h3><a href="\./patterns\?[^"]*figure=(\w+)\.', marks(page))
    assert links == ["persistence", "transitions", "change", "weekday_extremes", "attendance", "days_logged"]
    assert "Persistently low mood: 10.0% (8.8% to 11.2%)" in text(page)
    assert marks(page).count('data-state="too_little_history">Too little history</p>') == len(links)
    assert "No change found" not in text(page)  # nothing was tested


def test_a_change_is_said_with_its_beginning_on_its_card(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Above its limits since the third of five periods, which begins on 10 August 2026."""
    folder = publish_patterns(tmp_path, Patterns(signal_since=3))
    page = opened(monkeypatch, folder, "persistence.persistently_low", group="region.north")
    assert "Persistently low mood: higher since" in text(page)
    assert 'class="mm-state" data-state="higher"' in marks(page)


def test_withheld_measures_are_said_in_one_line(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """In the coast all are: no card, one line with their names, and in the measure what to do."""
    page = opened(monkeypatch, ordinary, "persistence.persistently_low", group="region.coast")
    lines = [line for line in text(page).splitlines() if line.startswith("Withheld in Coast")]
    assert len(lines) == 1
    assert "Persistent low mood; Into and out of low mood; Change from the period before" in lines[0]
    assert '<ul class="mm-patterns">' not in marks(page)
    assert "Choose a larger group" in text(page)


def test_how_long_low_mood_lasts_is_said_in_people(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """28 in 100 recover, so that 72 are still low (64 to 80); 5 in 100 of the others are newly low."""
    said = text(opened(monkeypatch, ordinary, "transitions.newly_low"))
    assert "Of 100 people with low mood in the period before, about 72 still have it (between 64 and 80)." in said
    assert "Newly low: about 5 in 100, of those who were not low before (between 3 and 7)." in said
    assert "Chance moves people over the line both ways." in said


def test_a_difference_is_from_everybody_else_and_in_people(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Modelled: eight in 100 more than the rest, between 5 and 11; and all participants beside it."""
    page = opened(monkeypatch, ordinary, "persistence.persistently_low", group="region.north")
    said = text(page)
    assert "about 8 more in 100 than among everybody else (between 5 and 11 more)" in said
    assert "Compared with everybody else" in said
    assert "higher: +8.0 (5.0 to 11.0)" in said
    assert "10.0% (8.8% to 11.2%)" in said  # of all participants
    other = text(opened(monkeypatch, ordinary, "persistence.persistently_low", group="region.south"))
    assert "The difference from others is not clear." in other


@pytest.mark.parametrize("figure", ["weekday_extremes.monday", "transitions.newly_low", "change.better"])
def test_no_page_says_why_or_speaks_of_a_patient_s_state(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path, figure: str
) -> None:
    """First what the page is not about; then no word of a cause or a disease."""
    said = text(opened(monkeypatch, ordinary, figure))
    assert "not about your individual patient" in said
    assert said.index("not about your individual patient") < said.index("All patterns")
    assert not CAUSE.search(said)


def test_a_weekday_differs_from_chance_only_where_all_are_looked_at_together(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path
) -> None:
    """Friday's own interval (50.1 to 52.5) excludes 50; as one of four it does not, so it is not named."""
    page = opened(monkeypatch, ordinary, "weekday_extremes.monday")
    said = text(page)
    assert "More often the worst than the best: Mondays." in said
    assert "More often the best than the worst: Saturdays." in said
    assert "Mondays: in 100 people, the worst for about 12 more than the best" in said
    assert "Fridays: in 100 people" not in said
    assert "We look at 4 figures together." in said
    (alternative,) = alternatives(page)
    assert "Mondays 44.0 out of 100 (42.5 to 45.5), below chance" in alternative
    assert "Fridays 51.3 out of 100 (49.8 to 52.8), not clearly different" in alternative
    assert "Chance is 50." in alternative


def test_a_chart_draws_what_is_judged(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """The line of chance, the widened ranges, and one shape for each side."""
    (chart,) = opened(monkeypatch, ordinary, "weekday_extremes.monday").get("vega_lite_chart")
    spec = chart.proto.spec
    assert '"triangle-down", "circle", "triangle-up"' in spec
    assert '"zero": false' in spec


def test_widening_makes_all_ranges_hold_together() -> None:
    """Of one figure nothing changes; of seven the normal quantile of 0.05 / 7 takes the place of that of 0.05."""
    assert widened(50.0, Interval(48.0, 52.0), 1) == Interval(48.0, 52.0)
    seven = widened(50.0, Interval(48.0, 51.0), 7)
    assert seven.low == pytest.approx(50 - 2 * 2.6901 / 1.95996, abs=1e-4)
    assert seven.high == pytest.approx(50 + 1 * 2.6901 / 1.95996, abs=1e-4)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(40, 49.9, "below"), (40, 50, "unclear"), (50, 60, "unclear"), (50.1, 60, "above"), (49, 51, "unclear")],
)
def test_a_range_that_touches_chance_says_nothing(low: float, high: float, verdict: str) -> None:
    """Only a range that is wholly on one side differs from chance."""
    found = AgainstChance("monday", (low + high) / 2, Interval(low, high), 50.0)
    assert found.verdict == verdict


def test_a_point_away_from_chance_is_two_people_in_a_hundred() -> None:
    """44: the worst of 12 more in 100 than the best, between 9 and 15."""
    assert AgainstChance("monday", 44.0, Interval(42.5, 45.5), 50.0).in_hundred == pytest.approx((12.0, 9.0, 15.0))
    assert AgainstChance("saturday", 55.0, Interval(53.0, 57.0), 50.0).in_hundred == pytest.approx((10.0, 6.0, 14.0))


def test_nothing_differs_from_chance_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """All four at 50: no weekday is named."""
    values = {("weekday_extremes", day): (50.0, 1.2) for day in ("monday", "wednesday", "friday", "saturday")}
    said = text(opened(monkeypatch, publish_patterns(tmp_path, Patterns(values=values)), "weekday_extremes.monday"))
    assert "No figure clearly differs from chance." in said
    assert "More often the worst" not in said


@pytest.mark.parametrize(
    ("better", "worse", "said"),
    [
        ((19.0, 3.0), (28.0, 3.0), "More people got worse than better"),
        ((30.0, 3.0), (20.0, 3.0), "More people got better than worse"),
        ((22.0, 3.0), (27.0, 3.0), "We cannot say whether more people got better or worse."),  # 25 and 24 overlap
        ((27.0, 3.0), (22.0, 3.0), "We cannot say whether more people got better or worse."),
    ],
)
def test_better_and_worse_are_compared_only_where_their_ranges_are_apart(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    better: tuple[float, float],
    worse: tuple[float, float],
    said: str,
) -> None:
    values = {("change", "better"): better, ("change", "worse"): worse}
    page = opened(monkeypatch, publish_patterns(tmp_path, Patterns(values=values), is_weekly=False), "change.better")
    assert said in text(page)


def test_a_release_of_an_older_program_shows_its_plain_figures_and_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without modelled figures there is no comparison with everybody else, and none is made up."""
    folder = publish_patterns(tmp_path, Patterns(is_modelled=False), is_weekly=False)
    said = text(opened(monkeypatch, folder, "persistence.persistently_low", group="region.north"))
    assert "17.0% (15.0% to 19.0%)" in said
    assert "The figures are of this period alone." in said
    assert "than among everybody else" not in said


def test_what_is_read_with_care_has_its_reason(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Who is counted looks back 16 weeks; with five periods it reaches back to none before, with three it does."""
    said = text(opened(monkeypatch, ordinary, "attendance.new", period="2026-P09"))
    assert "Read with care: this measure looks back to weeks before the first release" in said


def test_noise_past_the_end_of_a_scale_is_no_number_of_people(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Below 0 in 100 people recover: none, and 100 are still low, not 101."""
    values = {("transitions", "recovering"): (-0.6, 2.0), ("transitions", "newly_low"): (0.4, 0.3)}
    said = text(opened(monkeypatch, publish_patterns(tmp_path, Patterns(values=values)), "transitions.newly_low"))
    assert "about 100 still have it (between 99 and 100)" in said
    assert "Newly low: about 0.4 in 100, of those who were not low before (between 0.1 and 0.7)." in said
    assert not re.search(r"\b10[1-9]\b|-\d", said.split("What these figures mean")[1].split("How sure")[0])


def test_in_german_no_sentence_is_english(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Labels of the shipped plans and the page's own sentences; definitions here are made up."""
    said = text(opened(monkeypatch, ordinary, "weekday_extremes.monday", language="de"))
    assert "Öfter am schlechtesten als am besten: Montage." in said
    assert "nicht um eine einzelne Patientin oder einen einzelnen Patienten" in said
    assert "Montage" in said
    assert not re.search(r"\b(Mondays|chance|people|below)\b", said.replace("What Worst and best weekday means.", ""))
