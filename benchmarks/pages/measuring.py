"""What is measured of each page."""

import io
import statistics
from collections.abc import Callable
from itertools import islice
from typing import Any

import psutil
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from benchmarks.pages.clock import context, rendered

PAGES = {
    "Summary": "",
    "Trends": "trends",
    "Groups": "groups",
    "Patterns": "patterns",
    "Who is counted": "people",
    "Privacy and leaving": "privacy",
    "Methods and downloads": "methods",
    "Operations": "operations",
}
"""Titles and addresses; the first page has no name in its own."""
SWITCHED = ("Trends", "Groups", "Patterns", "Who is counted", "Summary")
"""The pages that show the chosen figure, one after the other."""
OPENED, READERS = 5, 20
WIDTHS = (1280, 390, 320)
_MOST_STOPS = 120
_MOST_OPTIONS = 6
_BAD = ("serious", "critical")


def opening(browser: Browser, address: str) -> dict[str, float]:
    """Return the medians of the seconds until a page is usable and rendered, each time in a new browser profile."""
    found: list[dict[str, float]] = []
    for _ in range(OPENED):
        fresh = context(browser)
        page = fresh.new_page()
        page.goto(address, wait_until="commit")
        found.append(rendered(page))
        fresh.close()
    return {name: statistics.median(it[name] for it in found) for name in ("usable", "rendered")}


def shape(browser: Browser, address: str) -> dict[str, int]:
    """Return a page's words, its A4 sheets, and the keyboard stops from its top to the table of its main chart."""
    fresh = context(browser)
    page = fresh.new_page()
    page.goto(address)
    rendered(page)
    words = len(page.inner_text("body").split())
    found = {"words": words, "stops": _stops(page), "sheets": len(PdfReader(io.BytesIO(page.pdf(format="A4"))).pages)}
    fresh.close()
    return found


def _stops(page: Page) -> int:
    """Return how often a keyboard presses Tab, using the skip link; -1 where the page has no such table."""
    page.evaluate("document.activeElement?.blur()")
    for count in range(1, _MOST_STOPS):
        page.keyboard.press("Tab")
        place = page.evaluate(
            "() => { const it = document.activeElement; const main = it.closest('[data-testid=stMain]');"
            " if (main && (it.tagName === 'SUMMARY' || it.classList.contains('mm-scroll'))) return 'table';"
            " return it.tagName === 'A' && /skip/i.test(it.dataset.testid + it.className) ? 'skip' : '' }"
        )
        if place == "table":
            return count
        if place == "skip":
            page.keyboard.press("Enter")
    return -1


def barriers(browser: Browser, address: str) -> dict[str, list[str]]:
    """Return the rules that a page breaks, serious and critical ones, by ground and width."""
    found: dict[str, list[str]] = {}
    for is_dark in (False, True):
        fresh = context(browser, is_dark=is_dark)
        page = fresh.new_page()
        page.goto(address)
        rendered(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            page.wait_for_timeout(200)
            violations: list[dict[str, Any]] = Axe().run(page).response["violations"]
            name = f"{'dark' if is_dark else 'light'} {width}"
            found[name] = [str(it["id"]) for it in violations if it["impact"] in _BAD]
        fresh.close()
    return found


def switching(browser: Browser, address: str, times: int) -> dict[str, dict[str, float]]:
    """Return median and 95th percentile of the seconds from a click until all is drawn, by what is switched."""
    fresh = context(browser)
    page = fresh.new_page()
    page.goto(address)
    rendered(page)
    seconds: dict[str, list[float]] = {"page": [], "period": [], "figure": [], "group": [], "link": []}
    for turn in range(times):
        title = SWITCHED[turn % len(SWITCHED)]
        link = page.get_by_test_id("stSidebar").get_by_role("link", name=title, exact=True)
        seconds["page"].append(_clicked(page, link.click))
        for name in ("period", "figure", "group"):
            box = page.get_by_role("combobox", name=name.title())
            if box.count():
                seconds[name].append(_chosen(page, box.first.click, turn))
    for turn in range(times):
        page.goto(address)
        rendered(page)
        cells = page.locator(".mm-grid td a")
        cells.nth(turn % cells.count()).click(no_wait_after=True)
        page.wait_for_url("**/trends**", wait_until="commit")
        seconds["link"].append(rendered(page)["rendered"])
    fresh.close()
    return {name: _spread(found) for name, found in seconds.items() if found}


def _clicked(page: Page, click: Callable[[], None]) -> float:
    click()
    return rendered(page)["rendered"]


def _chosen(page: Page, opened: Callable[[], None], turn: int) -> float:
    """Choose another option of a box."""
    opened()
    options = page.get_by_role("option")
    options.first.wait_for()
    others = [it for it in islice(options.all(), _MOST_OPTIONS) if it.get_attribute("aria-selected") != "true"]
    return _clicked(page, others[turn % len(others)].click)


def _spread(seconds: list[float]) -> dict[str, float]:
    return {"median": statistics.median(seconds), "p95": sorted(seconds)[max(0, -(-95 * len(seconds) // 100) - 1)]}


def memory(browser: Browser, address: str, process: int) -> dict[str, float]:
    """Return the resident MB of the server and its children with one reader and with `READERS`."""
    alone = _resident(process)
    readers = [context(browser) for _ in range(READERS)]
    for place, name in zip(readers, [*PAGES.values()] * READERS, strict=False):
        page = place.new_page()
        page.goto(f"{address}/{name}")
        rendered(page)
    result = {"one": alone, "twenty": _resident(process)}
    for place in readers:
        place.close()
    return result


def _resident(process: int) -> float:
    one = psutil.Process(process)
    return sum(each.memory_info().rss for each in (one, *one.children(recursive=True))) / 1e6
