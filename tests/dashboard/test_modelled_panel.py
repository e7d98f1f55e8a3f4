"""The page's modelled figures: only those with a number in the table, every other group in words."""

from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from analytics.trends.publication.published import Published
from dashboard import app
from dashboard.figures import Choice
from dashboard.modelled import modelled
from tests.support.published_fake import Service, publish_fake

PRODUCT = "weekly_mood"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return twelve weeks of a service of thousands."""
    return publish_fake(tmp_path_factory.mktemp("modelled"), Service())


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, folder: Path) -> AppTest:
    """Return the page as it opens: groups are compared by region."""
    monkeypatch.setenv(app.FOLDER_VARIABLE, str(folder))
    found = AppTest.from_file(app.__file__, default_timeout=20).run()
    assert not found.exception
    return found


def _table(page: AppTest) -> pl.DataFrame:
    (found,) = [table.value for table in page.table if "Low mood, modelled" in table.value.columns]
    return pl.DataFrame(found)


def test_groups_are_compared_with_everybody_else_and_with_before(page: AppTest) -> None:
    """North is 9 points higher in the made-up figures; the interval is the one for all groups together."""
    rows = {row["Group"]: row for row in _table(page).to_dicts()}
    assert rows["North"]["Compared with everybody else"] == "higher: +9.0 (6.0 to 12.0)"
    assert rows["North"]["Compared with"] == "13 weeks before: higher: +9.0 (6.0 to 12.0)"
    assert rows["East"]["Compared with everybody else"] == "no clear difference: +0.0 (-3.0 to 3.0)"
    assert rows["All participants"]["Compared with everybody else"] == ""
    assert "7 of 7 groups can be read" in "".join(str(part.value) for part in page.subheader)


def test_a_group_without_a_number_is_named_with_the_reason(page: AppTest) -> None:
    """The first service has too short a history: it is in no row, and in the words."""
    box = next(box for box in page.selectbox if box.key == "comparison-table")
    page = box.set_value("service").run()
    words = "".join(str(part.value) for part in page.markdown)
    assert "**Too little history (1 of " in words
    assert "Primary care" not in _table(page)["Group"].to_list()


def test_a_release_of_an_older_program_has_no_modelled_figures(tmp_path: Path) -> None:
    """The panel is not there; nothing is made up."""
    published = Published.open(publish_fake(tmp_path, Service(weeks=2, is_modelled=False)))
    release = published.latest(PRODUCT)
    assert (
        modelled(published, Choice(PRODUCT, release, published.card(release), "mood_bands", "low_share"), "region")
        == []
    )
