"""What a reader of a page in a browser has before them: what is drawn, where it is, and how a keyboard reaches it."""

from playwright.sync_api import Locator, Page, expect

from tests.support.serving import Served

WIDTH, HEIGHT = 1280, 800
"""The screen on which a planner opens the first page."""

RESTS = """() => document.querySelector('[data-test-script-state=notRunning]') && document.querySelector('footer')
    && !document.querySelector('[data-testid=stSkeleton]')"""
"""Nothing runs, the foot is there, and no part of the page is still being fetched."""
MAIN = "[data-testid=stMainBlockContainer]"

_FOCUS = "element => element === document.activeElement || element.contains(document.activeElement)"
_CHARTS = """() => [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(
    chart => chart.querySelector('canvas, svg'))"""


def opened(page: Page, served: Served, address: str = "") -> Page:
    """Go to an address and wait until everything on it is drawn."""
    page.goto(f"{served.url}/{address}")
    return drawn(page)


def drawn(page: Page) -> Page:
    """Wait until the page rests, with its charts in it."""
    page.wait_for_function(RESTS, timeout=60_000)
    page.wait_for_function(_CHARTS, timeout=60_000)
    return page


def said(page: Page) -> str:
    """Return the words of the page itself, without its navigation."""
    return page.locator(MAIN).inner_text()


def title(page: Page) -> str:
    """Return the one heading of the first rank."""
    found = page.locator("h1")
    expect(found).to_have_count(1)
    return found.inner_text()


def is_on_screen(part: Locator, width: int = WIDTH, height: int = HEIGHT) -> bool:
    """Say whether all of a part is on the first screen, where nobody has scrolled."""
    box = part.bounding_box()
    if box is None:
        return False
    right, bottom = box["x"] + box["width"], box["y"] + box["height"]
    return box["x"] >= 0 and box["y"] >= 0 and right <= width and bottom <= height


def top(part: Locator) -> float:
    """Return how far down the page a part begins."""
    box = part.bounding_box()
    assert box is not None
    return box["y"]


def stops_to(page: Page, part: Locator, most: int = 40) -> int:
    """Press Tab until the keyboard is on a part, and return how often that was."""
    for stop in range(1, most + 1):
        page.keyboard.press("Tab")
        if part.evaluate(_FOCUS):
            return stop
    message = f"not reached in {most} stops"
    raise AssertionError(message)
