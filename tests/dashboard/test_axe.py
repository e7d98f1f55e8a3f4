"""Every page by axe, light and dark, on a desktop and two phones: nothing that shuts a reader out.

And on each of them no sideways scrolling, and no line of prose that is too long to read.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from dashboard.screens.frame import PAGES
from tests.support.fake_patterns import publish_patterns
from tests.support.on_screen import opened
from tests.support.serving import Served, dashboard

GRAVE = {"serious", "critical"}
SIZES = {"desktop": (1280, 800), "phone": (390, 844), "small phone": (320, 640)}
LONGEST_LINE = 75
"""Characters; `max-width: 75ch` counts the width of a zero, and letters are narrower."""

ADDRESSES = {
    "trends": "group=region.north",
    "groups": "group=region.north",
    "patterns": "product=monthly_patterns&figure=weekday_extremes.monday",
}

SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')]
    .some(it => it.scrollWidth > it.clientWidth)"""

LINES = """() => {
    const longest = [];
    for (const part of document.querySelectorAll('main [data-testid=stHtml] p, main [data-testid=stHtml] li')) {
        let line = '', bottom = null;
        const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const node = walker.currentNode, range = document.createRange();
            for (let place = 0; place < node.length; place += 1) {
                range.setStart(node, place); range.setEnd(node, place + 1);
                const box = range.getBoundingClientRect();
                if (bottom !== null && box.top >= bottom) { longest.push(line.trim()); line = ''; bottom = null; }
                line += node.data[place];
                bottom = bottom === null ? box.bottom : Math.max(bottom, box.bottom);
            }
        }
        longest.push(line.trim());
    }
    return longest.filter(line => line.length > LONGEST);
}""".replace("LONGEST", str(LONGEST_LINE))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a service with weekly mood and patterns."""
    folder = tmp_path_factory.mktemp("looked-at")
    with dashboard(folder, "--published", str(publish_patterns(folder / "published"))) as running:
        yield running


@pytest.fixture(scope="module")
def pages(chromium: Browser, served: Served) -> Iterator[dict[str, Page]]:
    """Open every page once; a page is looked at in all sizes and colours without being fetched again."""
    context = chromium.new_context()
    yield {name: opened(context.new_page(), served, f"{name}?{ADDRESSES.get(name, '')}") for name in PAGES}
    context.close()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_shuts_nobody_out(pages: dict[str, Page], name: str, size: str, colours: str) -> None:
    """No serious or critical finding of axe, no sideways scrolling."""
    page = pages[name]
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if colours == "dark" else "light")
    page.wait_for_function(f"() => !({SIDEWAYS})()", timeout=5_000)  # a chart follows the page's width a moment later
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["target"]) for one in found if one["impact"] in GRAVE] == []
    assert page.evaluate(LINES) == []
