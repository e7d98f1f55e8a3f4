"""Folders in every state, served as they are and looked at with a real browser: each says what is so, and none fails.

What each page says in each state is in `test_frame.py`; here is what only a browser shows.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser import watched
from tests.support.folder_states import half_copied, one_byte_changed, pointer_missing, three_years, two_hundred_regions
from tests.support.on_screen import opened, said, title
from tests.support.published_fake import Service, publish_fake
from tests.support.serving import Served, dashboard

SMALL_SCREEN = 320
OVERFLOW = "() => document.querySelector('[data-testid=stMain]').scrollWidth - window.innerWidth"

STATES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "none published": (lambda folder: folder, "Nothing has been published yet."),
    "one release": (lambda folder: publish_fake(folder, Service(weeks=1)), "Too little history to look for changes"),
    "all withheld": (lambda folder: publish_fake(folder, Service(people=3, weeks=2)), "Withheld"),
    "half-copied": (half_copied, "We cannot show some periods, since their published files are damaged"),
    "one byte changed": (one_byte_changed, "We cannot show some periods, since their published files are damaged"),
    "pointer missing": (pointer_missing, "which names the published releases, is missing"),
    "three years": (three_years, "Low mood"),
    "200 regions": (two_hundred_regions, "Low mood"),
}
"""How each is made, and what its first page says."""
WITHOUT_FIGURES = {"none published", "pointer missing"}


class Swapped:
    """One server for all states: the folder that it serves is a link, and is led to another one."""

    def __init__(self, served: Served, link: Path) -> None:
        """Serve what `link` leads to."""
        self.served, self._link = served, link

    def to(self, folder: Path) -> Served:
        """Lead to a folder."""
        self._link.unlink()
        self._link.symlink_to(folder)
        return self.served


@pytest.fixture(scope="module")
def swapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swapped]:
    """Start the server at a folder with nothing in it."""
    folder = tmp_path_factory.mktemp("states")
    link = folder / "published"
    (folder / "nothing").mkdir()
    link.symlink_to(folder / "nothing")
    with dashboard(folder, "--published", str(link)) as served:
        yield Swapped(served, link)


@pytest.mark.parametrize("state", STATES)
def test_a_browser_shows_a_folder_in_any_state(chromium: Browser, swapped: Swapped, tmp_path: Path, state: str) -> None:
    """One heading, help, what is so, no fault of the program, and no sideways scrolling on the smallest phone."""
    make, expected = STATES[state]
    folder = tmp_path / "folder"
    folder.mkdir()
    served = swapped.to(make(folder))
    with watched(chromium, SMALL_SCREEN, 640) as seen:
        for name in ("", "trends", "groups"):
            page = opened(seen.page, served, name)
            text = said(page)
            assert title(page)
            assert text.count("call your local emergency number or a crisis line") == 2
            assert (expected in text) or name, text
            assert page.get_by_test_id("stException").count() == 0
            page.wait_for_function(f"() => ({OVERFLOW})() <= 0", timeout=5_000)
            if state in WITHOUT_FIGURES:
                assert title(page) == "No figures to show"
                break
        # Opened by its own address, a page asks first whether the server is under that address: 404.
        assert [line for line in seen.console if "404" not in line] == []
