"""Make every picture in the docs from the pages of a home: `python docs/screenshots.py HOME` (`make screenshots`).

Needs Chromium on the path (Debian: `apt-get install chromium`); nothing is fetched. The pages are served on loopback
and ended afterwards. Each page is taken three times: a desktop's first screen, whole on a phone, as printed on A4.
"""

import argparse
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

IMAGES = Path(__file__).parent / "images"
PAGES = ("summary", "trends", "groups", "patterns", "people", "privacy", "methods", "operations")
"""Each gives `NAME-desktop.png`, `NAME-phone.png` and `NAME-print.png`."""
CHOICES = {
    "trends": "group=region.north",
    "groups": "group=region.north",
    "patterns": "product=monthly_patterns&figure=weekday_extremes.monday",
}
"""What a page is opened with, where its default shows less."""
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
PAPER: ViewportSize = {"width": 794, "height": 1123}
"""A4 at 96 pixels an inch."""
MOST_HEIGHT = 2600
"""Of a whole page: what is below is like what is above."""
MOST_BYTES = 200_000
COLOURS = 256
"""Of a picture: letters and lines look the same, in half of the bytes."""
OFFLINE = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
RESTS = "() => document.querySelector('[data-test-script-state=notRunning]') && document.querySelector('footer')"


def main() -> None:
    """Serve the home's pages, and photograph them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "home", type=Path, help="a home with published files, such as murmuration-home after `make demo`"
    )
    home = parser.parse_args().home
    if not (home / "published" / "current.json").is_file():
        parser.error(f"{home} has no published files: run `make demo` first")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        parser.error("Chromium is not on the path: install it (Debian: apt-get install chromium)")
    IMAGES.mkdir(exist_ok=True)
    with served(home) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*OFFLINE, "--no-sandbox"])
        for name in PAGES:
            url = f"{address}/{'' if name == 'summary' else name}?{CHOICES.get(name, '')}"
            photograph(opened(browser, url, DESKTOP), f"{name}-desktop.png", whole=False)
            photograph(opened(browser, url, PHONE), f"{name}-phone.png", whole=True)
            page = opened(browser, url, PAPER)
            page.emulate_media(media="print")
            photograph(page, f"{name}-print.png", whole=True)
        browser.close()


def opened(browser: Browser, url: str, size: ViewportSize) -> Page:
    """Return a page of a size, once everything on it is drawn."""
    page = browser.new_page(viewport=size, color_scheme="light")
    page.goto(url)
    page.wait_for_function(RESTS, timeout=120_000)
    page.wait_for_timeout(2_000)  # charts are drawn after the text is there
    return page


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve the home's page on a free port, and end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "pipelines.cli", "--home", str(home), "dashboard", "--port", str(port)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 -- our own words
        try:
            if process.stdout is None or "http" not in process.stdout.readline():
                sys.exit("The dashboard did not start; its words are above.")
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)


def wait_for(port: int) -> None:
    """Wait until something answers on the port, a minute at most."""
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("The dashboard did not answer within a minute.")


def photograph(page: Page, name: str, *, whole: bool) -> None:
    """Write one picture, say its size, and close the page."""
    size = page.viewport_size or DESKTOP
    if whole:  # the page scrolls inside itself, so a window as high as all of it shows all of it
        height = page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": min(max(height, size["height"]), MOST_HEIGHT)})
        page.wait_for_timeout(500)
    path = IMAGES / name
    page.screenshot(path=path)
    page.close()
    with Image.open(path) as taken:
        fewer = taken.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    fewer.save(path, optimize=True)
    written = path.stat().st_size
    print(f"{path}: {written:,} bytes{' (large)' if written > MOST_BYTES else ''}")  # noqa: T201 -- a script


if __name__ == "__main__":
    main()
