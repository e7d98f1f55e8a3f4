"""Make every picture in the docs from the page of a home: `python docs/screenshots.py HOME` (`make screenshots`).

Needs Chromium on the path (Debian: `apt-get install chromium`); nothing is fetched. The page is served on loopback and
ended afterwards. A picture that the page has no part for is an error, so that no old picture stays behind unseen.
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

from playwright.sync_api import FloatRect, Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
WIDTH, HEIGHT, WHOLE_HEIGHT = 1100, 900, 9000
"""The page scrolls inside itself, so a window as high as all of it shows all of it."""

MARGIN = 20

MOST_BYTES = 200_000

PARTS = {
    "page.png": ("Mood trends", None),
    "changes.png": ("How it changes", "The numbers behind this trend"),
    "groups.png": ("How groups compare", "The numbers behind this comparison"),
}
"""A picture's name, the text that it begins with, and the text that it ends before (or one window further)."""

OFFLINE = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")


def main() -> None:
    """Serve the home's page, and photograph it."""
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
        page = browser.new_page(viewport={"width": WIDTH, "height": WHOLE_HEIGHT}, color_scheme="light")
        page.goto(address)
        page.get_by_role("heading", name="How groups compare").wait_for(timeout=120_000)
        page.wait_for_timeout(5_000)  # charts are drawn after the text is there
        for name, (begin, end) in PARTS.items():
            top = above(page, begin)
            bottom = above(page, end) if end else top + HEIGHT
            photograph(page, name, {"x": 0, "y": top, "width": WIDTH, "height": bottom - top})
        browser.close()


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


def above(page: Page, text: str) -> float:
    """Return the place just above the first element with a text, in pixels from the top of the page."""
    box = page.get_by_text(text, exact=True).first.bounding_box()
    if box is None:
        sys.exit(f"The page does not show {text!r}: correct PARTS in {Path(__file__).name}.")
    return box["y"] - MARGIN


def photograph(page: Page, name: str, clip: FloatRect) -> None:
    """Write one picture, and say its size."""
    path = IMAGES / name
    page.screenshot(path=path, clip=clip)
    size = path.stat().st_size
    print(f"{path}: {size:,} bytes{' (large)' if size > MOST_BYTES else ''}")  # noqa: T201 -- a script


if __name__ == "__main__":
    main()
