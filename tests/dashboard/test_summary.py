"""Summary: the first screen says what changes, since when, how sure, and about how many people."""

from pathlib import Path

import pytest

from tests.support.paging import open_page, text
from tests.support.published_fake import Service, publish_fake


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return twelve weeks of a service of thousands, the sixth never released."""
    return publish_fake(tmp_path_factory.mktemp("ordinary"), Service(missing=frozenset({6})))


def test_the_first_page_has_every_group(monkeypatch: pytest.MonkeyPatch, ordinary: Path) -> None:
    page = open_page(monkeypatch, ordinary)
    assert "Changes found in each group" in text(page)
    page = open_page(monkeypatch, ordinary, "trends")
    assert "Low mood among all participants" in text(page)
