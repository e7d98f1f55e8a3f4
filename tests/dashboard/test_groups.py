"""Groups: each is compared with everybody else, and the interval that is drawn is the one that is judged."""

import json
import re
from pathlib import Path

import pytest

from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.published import Published
from dashboard.charts import comparison as comparison_chart
from dashboard.charts.comparison import MARKS, comparison_block, comparison_rows, drawn_groups
from dashboard.charts.map import CLASSES, map_block, map_rows
from dashboard.reading.figures import comparison
from dashboard.reading.modelled import modelled
from dashboard.reading.pairs import pairs
from dashboard.reading.shapes import Shape
from dashboard.texts.words import Words
from dashboard.views.compared import mark_of
from dashboard.views.groups import Groups, groups, pair_sentence
from tests.support.choosing import again, chosen
from tests.support.glossary import forbidden_words
from tests.support.loose import loose
from tests.support.paging import alternatives, open_page, text
from tests.support.published_fake import REASON_FEW, REGIONS, Service, publish_fake

EN = Words("en")
PLAN_ORDER = ["north", "east", "south", "west", "centre", "coast", "unknown"]


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return twelve weeks of a service of thousands, with modelled figures."""
    return publish_fake(tmp_path_factory.mktemp("ordinary"), Service())


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same from a program that publishes no modelled figures."""
    return publish_fake(tmp_path_factory.mktemp("plain"), Service(is_modelled=False))


def page_of(
    folder: Path, headline: str = "low_share", by: str = "region", order: str = "", table: str = "all"
) -> Groups:
    """Return the page of one figure, of a table."""
    published = Published.open(folder)
    cohort = "all" if table == "all" else "north"
    found = groups(EN, published, chosen(published, headline, table, cohort), by, order)
    assert found is not None
    return found


def square(cohort: str, left: float) -> Shape:
    """Return a square of one degree."""
    return Shape(cohort, [[[[left, 0.0], [left, 1.0], [left + 1, 1.0], [left + 1, 0.0], [left, 0.0]]]])


GEOMETRY = tuple(square(cohort, number) for number, cohort in enumerate(["north", "east", "coast", "nowhere"]))
"""Three regions side by side, and one that the plan does not have."""


@pytest.mark.parametrize(
    ("ends", "mark"),
    [
        (Interval(0.1, 2.0), "higher"),
        (Interval(0.0, 2.0), "no_clear_difference"),  # touches 0
        (Interval(-2.0, 0.0), "no_clear_difference"),  # touches 0
        (Interval(-2.0, -0.1), "lower"),
    ],
)
def test_a_verdict_needs_an_interval_off_zero(ends: Interval, mark: str) -> None:
    assert mark_of(ends) == mark


def test_the_drawn_interval_is_the_judged_one(ordinary: Path) -> None:
    """For each group the line crosses 0 exactly if there is no clear difference; it holds for all groups together."""
    published = Published.open(ordinary)
    found = page_of(ordinary)
    judged = {one.cohort: one.against_rest for one in modelled(published, chosen(published), "region")}
    rows = loose(comparison_rows(EN, found))["groups"]
    for one, row in zip(found.groups, rows, strict=True):
        rest = judged[one.cohort]
        assert rest is not None
        assert (row["low"], row["high"], row["value"]) == (rest.interval.low, rest.interval.high, rest.value)
        assert (row["low"] <= 0 <= row["high"]) == (one.mark == "no_clear_difference")
        assert (row["shape"], row["color"]) == MARKS[rest.verdict]
    assert [one.mark for one in found.groups][:2] == ["higher", "no_clear_difference"]
    assert found.title == "Low mood: compared with everybody else, higher in North"


def test_groups_of_an_older_release_are_compared_with_all_participants(plain: Path) -> None:
    """Without the model the published figures are compared, by the interval for all groups, and the page says so."""
    published = Published.open(plain)
    found = page_of(plain)
    judged = {one.cohort: one.against_all for one in comparison(published, chosen(published), "region")}
    for one in found.groups:
        less = judged[one.cohort]
        assert less is not None
        assert one.ends == less.simultaneous
        assert less.simultaneous.low < less.shown.low  # not the narrower one of this group alone
    assert EN("groups.not_modelled") in found.lines
    assert found.title.startswith("Low mood: compared with all participants, higher in North")
    assert EN("groups.column.modelled") not in found.table.columns


def test_numbers_of_people_are_compared_with_nothing(ordinary: Path) -> None:
    """A larger group is no higher one."""
    found = page_of(ordinary, "people")
    assert found.against == "nothing"
    assert {one.mark for one in found.groups} == {"not_known"}
    assert found.title == "People who logged by Region"
    assert "higher" not in found.alt
    assert EN("groups.chance") not in found.below
    assert all(row["low"] >= 0 for row in loose(comparison_rows(EN, found))["groups"])


def test_the_order_is_the_plans_unless_it_is_asked_for(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """A chart sorted by value reads as a ranking; the address says where it is."""
    assert [one.cohort for one in page_of(ordinary).groups] == PLAN_ORDER
    by_value = page_of(ordinary, order="value").groups
    assert [one.figure for one in by_value] == sorted((one.figure for one in by_value), reverse=True)
    assert [one.cohort for one in by_value] != PLAN_ORDER
    page = open_page(monkeypatch, ordinary, "groups")
    page.toggle(key="order").set_value(True)
    again(page)
    assert page.query_params["order"] == "value"
    page.toggle(key="order").set_value(False)
    again(page)
    assert "order" not in page.query_params


def test_words_are_right_over_their_mark(ordinary: Path) -> None:
    """A label is centred on its value, in the same row; only the edges of the chart move it."""
    found = page_of(ordinary)
    published = Published.open(ordinary)
    spec = comparison_block(EN, chosen(published), found, "").chart.to_dict()
    mark, label = spec["layer"][-2], spec["layer"][-1]
    assert label["encoding"]["y"]["field"] == mark["encoding"]["y"]["field"]
    assert "scale('x', datum.value)" in label["encoding"]["x"]["value"]["expr"]
    assert abs(label["mark"]["dy"] - mark["mark"]["yOffset"]) < 20
    assert comparison_rows(EN, found)["groups"][0]["name"] == f"North: {found.groups[0].amount}, higher"


def test_withheld_groups_are_in_one_line_with_the_reason(plain: Path) -> None:
    """One sentence a reason, with how many of all; the chart has none of them."""
    found = page_of(plain, by="region_by_age_band")
    lines = [line for line in found.below if line.startswith("Withheld, ")]
    assert len(lines) == 1
    assert re.fullmatch(rf"Withheld, {len(found.held)} of 42: .+; .+\. Reason: {REASON_FEW}\.", lines[0])
    assert not {one.cohort for one in found.groups} & set(found.held)
    assert [row[0].text for row in found.table.rows][-1] in lines[0]


def test_too_little_history_is_another_reason_than_too_few_people(ordinary: Path) -> None:
    """The made-up first service has too short a history, and its own figure in the table."""
    found = page_of(ordinary, by="service")
    assert "Withheld, 1 of 5: Primary care. Reason: too little history." in found.below
    row = next(row for row in found.table.rows if row[0].text == "Primary care")
    assert row[1].text == "too little history"
    assert re.match(r"[\d.]+% \(", row[2].text)


def test_caution_is_marked_and_said(tmp_path: Path) -> None:
    folder = publish_fake(tmp_path, Service(people=900, weeks=4, is_modelled=False))
    found = page_of(folder)
    caution = [one.label for one in found.groups if one.is_caution]
    assert caution
    assert f"Read with caution, since the range is wide: {EN.listed(caution)}." in found.below
    names = [row["name"] for row in loose(comparison_rows(EN, found))["groups"]]
    assert sum(name.endswith(", caution") for name in names) == len(caution)


def test_the_table_has_modelled_and_published_figures(ordinary: Path) -> None:
    """A reader sees both, and the difference as it is drawn; each group leads to its trend."""
    published = Published.open(ordinary)
    found = page_of(ordinary)
    assert found.table.columns[1:3] == ("With earlier periods and similar groups", "This period alone")
    plain = comparison(published, chosen(published), "region")[0]
    assert plain.estimate is not None
    north = found.table.rows[0]
    assert north[2].text.startswith(EN.amount(plain.estimate, "percent"))
    assert north[3].text == "higher: +9.0 (6.0 to 12.0)"
    assert north[0].link is not None
    assert ("group", "region.north") in north[0].link.choice


def test_the_text_of_the_chart_has_verdict_and_interval(ordinary: Path) -> None:
    """In the order of the chart; of many groups the clear ones are named, and how many others there are."""
    found = page_of(ordinary)
    assert re.search(
        r"North: [\d.]+%, higher by 9\.0 percentage points \(between 6\.0 and 12\.0 percentage points\)\. East: ",
        found.alt,
    )
    many = page_of(ordinary, by="region_by_age_band")
    assert re.search(r"\d+ more groups show no clear difference; the table has all of them\.", many.alt)


def test_two_groups_are_chosen_by_the_reader(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """At first none; then one sentence with the interval for all pairs, the same whichever is chosen first."""
    page = open_page(monkeypatch, ordinary, "groups")
    assert page.selectbox(key="pair-region").value is None
    assert page.selectbox(key="pair-region").options == ["North", "East", "South", "West", "Centre", "Coast"]
    assert "compared with East" not in text(page)
    page.selectbox(key="pair-region").set_value("south")
    again(page)
    page.selectbox(key="with-region").set_value("east")
    again(page)
    published = Published.open(ordinary)
    pair = pairs(published, chosen(published), "region")["east", "south"]
    low, high = sorted((-pair.difference.simultaneous.low, -pair.difference.simultaneous.high))
    said = pair_sentence(EN, published, chosen(published), "region", ("south", "east"))
    assert said in text(page)
    assert said.startswith("Low mood in this period alone, South compared with East: ")
    assert mark_of(Interval(low, high)).split("_")[0] in said
    other = pair_sentence(EN, published, chosen(published), "region", ("east", "south"))
    assert re.findall(r"\d+\.\d", said) == re.findall(r"\d+\.\d", other) or "no clear" in said


def test_groups_that_no_release_compares_are_said_to_be_none(ordinary: Path) -> None:
    published = Published.open(ordinary)
    said = pair_sentence(EN, published, chosen(published), "region", ("north", "unknown"))
    assert said == "North and Region not known cannot be compared."


def test_the_table_follows_the_chosen_group_else_the_address(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    page = open_page(monkeypatch, ordinary, "groups", by="age_band")
    assert page.selectbox(key="by").value == "age_band"
    page = open_page(monkeypatch, ordinary, "groups", by="age_band", group="region.north")
    assert page.selectbox(key="by").value == "region"
    page.selectbox(key="by").set_value("service")
    again(page)
    assert (page.query_params["by"], page.query_params["group"]) == ("service", "all")
    assert "by Service" in alternatives(page)[0]


def test_how_to_read_comparisons_is_said_in_few_sentences(ordinary: Path) -> None:
    """Chance; and who logs, not a ranking, neither a cause nor a fault."""
    found = page_of(ordinary)
    chance, care = found.below[-2:]
    assert "1 chart in 20" in chance
    assert all(word in care for word in ("who logs", "not a ranking", "neither a cause nor a fault"))
    assert max(chance.count(". "), care.count(". ")) <= 1


def test_too_many_groups_leave_the_clear_ones(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    monkeypatch.setattr(comparison_chart, "MOST_GROUPS", 3)
    found = page_of(ordinary, order="value")
    kept = drawn_groups(found)
    assert len(kept) == 3
    assert "north" in {one.cohort for one in kept}
    page = open_page(monkeypatch, ordinary, "groups")
    assert "The chart shows 3 of 7 groups: those that clearly differ first." in text(page)


def test_the_map_repeats_the_chart(ordinary: Path) -> None:
    """The class of each shape is the group's verdict, with a sign and a name; one without a group is left out."""
    published = Published.open(ordinary)
    found = page_of(ordinary)
    rows = map_rows(EN, chosen(published), found, GEOMETRY)
    marks = {one.label: one.mark for one in found.groups}
    assert {row["label"]: row["class"] for row in rows["shapes"]} == {
        name: marks[name] for name in ("North", "East", "Coast")
    }
    assert [row["text"] for row in rows["signs"]] == ["▲\nNorth", "=\nEast", "=\nCoast"]
    assert [row["longitude"] for row in rows["signs"]] == [0.5, 1.5, 2.5]
    block = map_block(EN, chosen(published), found, GEOMETRY, "Source.")
    assert block is not None
    assert "higher: North. no clear difference: East and Coast." in block.alt
    assert block.table == found.table
    words = json.dumps(block.chart.to_dict(), ensure_ascii=False)
    assert all(CLASSES[name][0] in words for name in ("higher", "no_clear_difference"))


def test_a_withheld_group_is_on_the_map_as_withheld(tmp_path: Path) -> None:
    folder = publish_fake(tmp_path, Service(people=900, weeks=2, is_modelled=False))
    published = Published.open(folder)
    found = page_of(folder)
    assert "coast" in found.held
    rows = map_rows(EN, chosen(published), found, GEOMETRY)
    coast = next(row for row in rows["shapes"] if row["label"] == "Coast")
    assert (coast["class"], coast["opacity"], coast["dash"]) == ("withheld", 0.0, True)


def test_there_is_no_map_without_shapes_or_comparison(ordinary: Path) -> None:
    published = Published.open(ordinary)
    empty = (square("nowhere", 0.0),)
    assert map_block(EN, chosen(published), page_of(ordinary), empty, "") is None
    people = page_of(ordinary, "people")
    assert map_block(EN, chosen(published, "people"), people, GEOMETRY, "") is None


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("by", ["region", "age_band", "service", "region_by_age_band"])
def test_every_table_has_a_page(monkeypatch: pytest.MonkeyPatch, ordinary: Path, by: str, language: str) -> None:
    for figure in ("low_share", "mean_mood", "people"):
        address = {"by": by, "language": language, "figure": f"mood_bands.{figure}"}
        page = open_page(monkeypatch, ordinary, "groups", **address)
        said = "\n".join([text(page), *alternatives(page)])
        assert len(alternatives(page)) == 1
        assert not re.search(r"-0(\.0+)?(?![\d.])", said)
        assert not re.search(r"\b(None|null|nan)\b", said)
        assert language != "en" or not forbidden_words().search(said)


def test_all_withheld_is_said_without_a_chart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = publish_fake(tmp_path, Service(people=200, weeks=4, is_modelled=False))
    page = open_page(monkeypatch, folder, "groups")
    assert "Low mood by Region: every group is withheld" in text(page)
    assert f"Withheld, {len(REGIONS)} of {len(REGIONS)}: " in text(page)
    assert not alternatives(page)


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_can_be_read_instead_of_a_withheld_group_is_offered(
    monkeypatch: pytest.MonkeyPatch, plain: Path, language: str
) -> None:
    """With its interval, in a closed box, and in the trend of a group that is withheld."""
    words = Words("de" if language == "de" else "en")
    page = open_page(monkeypatch, plain, "groups", by="region_by_age_band", language=language)
    held = [
        one
        for one in comparison(Published.open(plain), chosen(Published.open(plain)), "region_by_age_band")
        if one.instead
    ]
    assert held
    assert words("fallback.heading", count=words.whole(len(held))) in [box.label for box in page.expander]
    between = words.between(20.0, 24.0, "percent")
    assert text(page).count(between) >= len(held)
    trend = open_page(monkeypatch, plain, "trends", group="region_by_age_band.unknown/unknown", language=language)
    assert between in text(trend)
