"""How fast, how short and how reachable the dashboard's pages are, in real Chromium.

python -m benchmarks.pages FOLDER [--out FILE]

FOLDER is a folder `published`. Open: a new browser profile, from the address to the first heading (usable) and until
its last chart is drawn and the server rests (rendered). Switch: from the click to the same, with the page open.
"""

import argparse
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader

PAGES = ("", "trends", "groups", "patterns", "people", "privacy", "methods", "operations")
"""Their addresses; the first page has no name in its own."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
READERS = 20
_PORT = 8791
_RESTS = "() => document.querySelector('[data-test-script-state=notRunning]') && document.querySelector('footer')"


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, int]]:
    """Serve a folder; yield the address and the process's number."""
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "dashboard/app.py",
        "--server.port",
        str(_PORT),
        "--server.headless",
        "true",
        "--browser.gatherUsageStats",
        "false",
        "--server.fileWatcherType",
        "none",
        "--client.toolbarMode",
        "minimal",
    ]
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"MURMURATION_PUBLISHED": str(folder)},
    ) as process:
        time.sleep(4)
        yield f"http://127.0.0.1:{_PORT}", process.pid
        process.terminate()


def opened(browser: Browser, address: str) -> tuple[float, float]:
    """Return the seconds until a page can be used, and until all of it is rendered, in a new profile."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    begin = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("h1")
    usable = time.perf_counter() - begin
    page.wait_for_function(_RESTS)
    page.wait_for_function(_DRAWN)
    rendered = time.perf_counter() - begin
    context.close()
    return usable, rendered


_DRAWN = (
    "() => [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(it => it.querySelector('svg, canvas'))"
)


def switched(page: Page, act: Callable[[], None]) -> float:
    """Return the seconds from an act until the page's words have changed, its charts are drawn and the server rests."""
    before = page.inner_text("[data-testid=stMain]")
    begin = time.perf_counter()
    act()
    page.wait_for_function(
        "before => document.querySelector('[data-testid=stMain]').innerText !== before", arg=before, polling=10
    )
    page.wait_for_function(_RESTS, polling=10)
    page.wait_for_function(_DRAWN, polling=10)
    return time.perf_counter() - begin


def switches(page: Page, times: int) -> dict[str, list[float]]:
    """Return the seconds of switches of period, figure and page, one after the other."""
    found: dict[str, list[float]] = {"period": [], "figure": [], "page": []}
    for turn in range(times):
        for name, label in (("period", "Period"), ("figure", "Figure")):
            page.get_by_role("combobox", name=label).click()
            options = page.get_by_role("option")
            chosen = options.nth(1 + turn % 2 if name == "period" else 1 - turn % 2)
            if chosen.get_attribute("aria-selected") == "true":
                chosen = options.nth(3 if name == "period" else 2)
            found[name].append(switched(page, chosen.click))
        to = page.get_by_role("link", name=("Trends", "Groups", "Summary")[turn % 3], exact=True).first
        found["page"].append(switched(page, to.click))
    return found


def stops(page: Page) -> int:
    """Return how many keys a keyboard needs from the top of the page to the table of its main chart."""
    page.evaluate("document.activeElement.blur()")
    for count in range(1, 200):
        page.keyboard.press("Tab")
        where = page.evaluate("document.activeElement.tagName + ' ' + (document.activeElement.dataset.testid || '')")
        if where.startswith("A stSkipToContent"):
            page.keyboard.press("Enter")
        if where.startswith("SUMMARY"):
            return count
    return -1


def measured(folder: Path, times: int) -> dict[str, Any]:
    """Return everything of the table."""
    result: dict[str, Any] = {}
    with served(folder) as (address, pid), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        opened(browser, address)  # the first one reads the files
        for name in PAGES:
            found = [opened(browser, f"{address}/{name}") for _ in range(3)]
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"{address}/{name}")
            page.wait_for_function(_RESTS)
            page.wait_for_function(_DRAWN)
            result[name or "summary"] = {
                "usable": statistics.median(usable for usable, _ in found),
                "rendered": statistics.median(rendered for _, rendered in found),
                "words": len(page.inner_text("body").split()),
                "printed": len(PdfReader(io.BytesIO(page.pdf(format="A4"))).pages),
                "stops": stops(page),
            }
            page.close()
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(address)
        page.wait_for_function(_RESTS)
        result["switch"] = {
            name: {"median": statistics.median(seconds), "p95": sorted(seconds)[int(0.95 * (len(seconds) - 1))]}
            for name, seconds in switches(page, times).items()
        }
        alone = memory(pid)
        readers = [browser.new_page() for _ in range(READERS)]
        for number, reader in enumerate(readers):
            reader.goto(f"{address}/{PAGES[number % len(PAGES)]}")
        for reader in readers:
            reader.wait_for_function(_RESTS)
        result["memory"] = {"one": alone, f"{READERS} readers": memory(pid)}
        browser.close()
    return result


def memory(pid: int) -> float:
    """Return the resident memory of a process and its children, in MB."""
    one = psutil.Process(pid)
    return sum(each.memory_info().rss for each in (one, *one.children(recursive=True))) / 1e6


def main() -> None:
    """Measure, and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    text = json.dumps(measured(args.folder, args.times), indent=1)
    if args.out:
        args.out.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
