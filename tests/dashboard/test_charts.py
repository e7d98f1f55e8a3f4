"""Charts and their files: title, date and source inside, lines that wrap, and ink that follows the ground."""

import csv
import io
import re
from html import unescape
from pathlib import Path

import pytest

from analytics.trends.publication.published import Published
from dashboard.charts import ink
from dashboard.charts.axes import domain_of, spelled
from dashboard.charts.block import ChartBlock
from dashboard.charts.comparison import comparison_block
from dashboard.charts.multiples import multiples_block
from dashboard.charts.picture import as_bare_svg, as_csv, as_png, as_svg
from dashboard.charts.trend import trend_block
from dashboard.texts.words import Words
from dashboard.views.groups import groups
from dashboard.views.source import source_line
from dashboard.views.trends import trends
from tests.support.choosing import chosen
from tests.support.loose import loose
from tests.support.published_fake import Service, publish_fake

EN, DE = Words("en"), Words("de")
LEAST_CONTRAST = 3.0
"""Of WCAG 2.2 for parts of a picture."""


@pytest.fixture(scope="module")
def blocks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ChartBlock]:
    """Return one chart of each kind."""
    folder = publish_fake(tmp_path_factory.mktemp("ordinary"), Service(missing=frozenset({6}), has_past=True))
    published = Published.open(folder)
    choice = chosen(published, "low_share", "region", "north")
    source = source_line(EN, choice, "Public Health of Nowhere")
    trend, compared = trends(EN, published, choice), groups(EN, published, choice)
    assert trend.panels is not None
    assert compared is not None
    return {
        "trend": trend_block(EN, choice, trend, source),
        "multiples": multiples_block(EN, choice, trend.panels, source),
        "comparison": comparison_block(EN, choice, compared, source),
    }


KINDS = ("trend", "multiples", "comparison")


def words_in(svg: bytes) -> str:
    """Return the words of a picture, its lines joined."""
    return " ".join(unescape(part) for part in re.findall(r">([^<>]+)</(?:text|tspan)>", svg.decode()))


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_says_what_it_shows_and_where_it_is_from(blocks: dict[str, ChartBlock], kind: str) -> None:
    """Cut out of its page it still has title, days, release, and publisher."""
    said = words_in(as_svg(blocks[kind]))
    assert blocks[kind].title in said
    assert "Source: Weekly mood, 30 March to 5 April 2026 (release weekly_mood/2026-W14-r0)." in said
    assert "Published by Public Health of Nowhere." in said


def test_a_bare_picture_leaves_its_words_to_the_page_around_it(blocks: dict[str, ChartBlock]) -> None:
    said = words_in(as_bare_svg(blocks["trend"]))
    assert "since 9 March" in said
    assert blocks["trend"].title not in said
    assert "Source" not in said


@pytest.mark.parametrize("kind", KINDS)
def test_the_lines_of_a_picture_lie_inside_it(blocks: dict[str, ChartBlock], kind: str) -> None:
    """A title of any length wraps: the picture is no wider than its chart needs."""
    short = ChartBlock(**{**vars(blocks[kind]), "title": "Low mood"})
    long = ChartBlock(**{**vars(blocks[kind]), "title": "Low mood in a group of a very long name, " * 8})
    widths = [float(re.search(r'width="([\d.]+)"', as_svg(one).decode())[1]) for one in (short, long)]  # type: ignore[index]
    assert widths[1] <= widths[0] + 40
    assert all(len(line) <= 75 for line in loose(long.specification())["title"]["text"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_valid_and_draws_what_it_names(blocks: dict[str, ChartBlock], kind: str) -> None:
    """Pages do not check charts against the schema, since that is slow. No layer names rows that are not there."""
    block = blocks[kind]
    block.chart.to_dict(validate=True)
    named = {layer["data"]["name"] for layer in loose(block.on(ink.DAY))["layer"] if "data" in layer}
    assert named
    assert named <= set(loose(block.on(ink.DAY))["datasets"])
    assert all(block.data[name] for name in named)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_a_sharp_png(blocks: dict[str, ChartBlock], kind: str) -> None:
    png = as_png(blocks[kind])
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") >= 1400


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_is_whole_as_a_file(blocks: dict[str, ChartBlock], kind: str) -> None:
    """First the columns, then every row; last what it is and where it is from."""
    block = blocks[kind]
    rows = list(csv.reader(io.StringIO(as_csv(block).decode())))
    assert rows[0] == list(block.table.columns)
    assert rows[1 : 1 + len(block.table.rows)] == [[cell.text for cell in row] for row in block.table.rows]
    assert rows[-2:] == [[block.title], [block.source]]


def test_the_page_has_the_ink_of_its_ground(blocks: dict[str, ChartBlock]) -> None:
    """By night text is light and the ground shines through; a picture is on white whatever the page is."""
    day, night = (loose(blocks["trend"].on(ground))["config"] for ground in (ink.DAY, ink.NIGHT))
    assert day["axis"]["labelColor"] == ink.DAY.text
    assert night["axis"]["labelColor"] == night["legend"]["labelColor"] == ink.NIGHT.text
    assert night["style"][ink.HOLLOW]["fill"] == ink.NIGHT.ground
    assert day["background"] == night["background"] == "transparent"
    assert loose(blocks["trend"].specification())["config"]["background"] == ink.DAY.ground
    assert loose(blocks["trend"].specification())["config"]["axis"]["labelColor"] == ink.DAY.text


@pytest.mark.parametrize("ground", [ink.DAY, ink.NIGHT, ink.Ink("#fafafa", "#0e1117")])
def test_colours_are_seen_on_every_ground(ground: ink.Ink) -> None:
    """At least 3:1 for marks, on white, on Streamlit's dark grounds of now and before; 7:1 for words."""
    for color in (ink.BLUE, ink.ORANGE, ink.PURPLE, ink.GREY):
        assert contrast(color, ground.ground) >= LEAST_CONTRAST, color
    assert contrast(ground.text, ground.ground) >= 7


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG defines it."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(color: str) -> float:
    """Return how light a colour is, 0 to 1."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("values", "unit", "domain"),
    [
        ([12.0, 34.0], "percent", (0.0, 35.0)),
        ([-8.0, 34.0], "percent", (0.0, 40.0)),  # nothing below 0
        ([52.0, 99.0], "percent", (50.0, 100.0)),  # nothing above 100
        ([58.0, 61.0], "0-100", (57.5, 61.5)),
        ([7300.0, 10900.0], "persons", (7000.0, 11500.0)),
        ([120.0, 900.0], "persons", (0.0, 1000.0)),
        ([20.0], "percent", (19.2, 20.6)),
        ([], "percent", (0.0, 1.2)),
    ],
)
def test_an_axis_is_round_and_inside_its_scale(values: list[float], unit: str, domain: tuple[float, float]) -> None:
    low, high = domain_of(values, unit)
    assert (round(low, 6), round(high, 6)) == domain


def test_numbers_of_an_axis_are_spelled_as_the_language_does() -> None:
    """Units have their place: `20%` in English, `20 %` in German."""
    assert spelled(EN, "percent").endswith('+ "%"')
    assert spelled(DE, "percent").endswith('+ " %"')
    assert spelled(EN, "persons") == "format(datum.value, ',.0f')"
    assert "replace" in spelled(DE, "persons")


def test_the_source_names_no_publisher_that_is_not_known(blocks: dict[str, ChartBlock], tmp_path: Path) -> None:
    published = Published.open(publish_fake(tmp_path, Service(weeks=2)))
    said = source_line(EN, chosen(published))
    assert "Published by" not in said
    assert "Public Health of Nowhere" in blocks["trend"].source
