"""What the reader chooses is in the address: it survives every page and every reload, and a link says it to others."""

from pathlib import Path

import pytest

from tests.support.choosing import again
from tests.support.paging import open_page, text
from tests.support.published_fake import Service, publish_fake

CODES = {
    "figure": ("mood_bands.low_share", "mood_bands.mean_mood", "mood_bands.people"),
    "group": ("region.north", "region.unknown", "region_by_age_band.north/16-24", "all"),
}
PATTERNS = Service(product="monthly_patterns", label="Monthly patterns", cadence="four_weeks", weeks=3)


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_fake(tmp_path_factory.mktemp("ordinary"), Service())


def test_a_page_without_a_choice_shows_the_newest_and_says_nothing_in_its_address(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path
) -> None:
    """A bookmark of it shows next week's figures next week."""
    page = open_page(monkeypatch, ordinary)
    assert "30 March to 5 April 2026" in text(page)
    assert dict(page.query_params) == {}


def test_a_choice_is_in_the_address_by_its_public_names(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """Not by words: they differ between languages, and a plan may change its labels."""
    page = open_page(monkeypatch, ordinary)
    page.selectbox(key="period").set_value("2026-W05")
    again(page)
    page.selectbox(key="figure").set_value("mood_bands.mean_mood")
    again(page)
    page.selectbox(key="group").set_value("region.north")
    again(page)
    page.selectbox(key="language").set_value("de")
    again(page)
    assert dict(page.query_params) == {
        "period": "2026-W05",
        "figure": "mood_bands.mean_mood",
        "group": "region.north",
        "language": "de",
    }
    assert "26. Januar bis 1. Februar 2026" in text(page)


@pytest.mark.parametrize("name", ["summary", "trends", "people"])
def test_an_address_is_a_choice(monkeypatch: pytest.MonkeyPatch, ordinary: Path, name: str) -> None:
    """What one reader chose, another one opens."""
    page = open_page(
        monkeypatch, ordinary, name, period="2026-W05", figure="mood_bands.mean_mood", group="region.north"
    )
    assert "26 January to 1 February 2026" in text(page)
    assert page.selectbox(key="figure").value == "mood_bands.mean_mood"
    assert page.selectbox(key="group").value == "region.north"


@pytest.mark.parametrize(
    "address",
    [
        {"period": "2019-W01"},  # never released
        {"figure": "mood_bands.wisdom"},
        {"figure": "<script>"},
        {"group": "region.atlantis"},
        {"product": "stocks"},
        {"language": "la"},
    ],
)
def test_an_address_of_something_that_is_not_there_shows_the_default(
    monkeypatch: pytest.MonkeyPatch, ordinary: Path, address: dict[str, str]
) -> None:
    assert "30 March to 5 April 2026" in text(open_page(monkeypatch, ordinary, **address))


def test_links_keep_the_choice(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """A cell of the first page's grid leads to its trend, in the chosen period and language."""
    page = open_page(monkeypatch, ordinary, period="2026-W05", language="de")
    body = "".join(block.proto.body for block in page.get("html"))
    wanted = "./trends?period=2026-W05&amp;language=de&amp;figure=mood_bands.low_share&amp;group=region.north"
    assert f'href="{wanted}"' in body


def test_what_is_no_public_name_is_in_no_link(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    """A page has sixty links: each would repeat an address of any length."""
    page = open_page(monkeypatch, ordinary, language="x" * 5000, order="value")
    body = "".join(block.proto.body for block in page.get("html"))
    assert "xxx" not in body
    assert "order=value" in body


def test_every_figure_and_group_can_be_chosen(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    page = open_page(monkeypatch, ordinary)
    for key in ("figure", "group"):
        for code in CODES[key]:
            page.selectbox(key=key).set_value(code)
            assert not again(page).exception


def test_the_more_frequent_series_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A product with one release a week is what a planner looks for."""
    page = open_page(monkeypatch, publish_fake(tmp_path, PATTERNS, Service(weeks=2)))
    assert page.selectbox(key="product").value == "weekly_mood"
    page.selectbox(key="product").set_value("monthly_patterns")
    again(page)
    assert "Monthly patterns" in text(page)
