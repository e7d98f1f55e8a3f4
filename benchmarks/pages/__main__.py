"""How fast, how short and how reachable the dashboard's pages are, in real Chromium.

python -m benchmarks.pages [FOLDER] [--large] [--times 20] [--out FILE]

FOLDER is a folder `published`; --large makes one of 104 weeks and 40 regions instead. Prints JSON (or writes it to
--out) and a Markdown table. "Usable" is the page's heading, "rendered" the last mark of its last chart: opened in a new
browser profile while the server is warm, or counted from the click.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.pages.measuring import PAGES, barriers, memory, opening, shape, switching
from tests.support.browser import chromium_browser
from tests.support.large_folder import publish_large
from tests.support.serving import dashboard

PARTS = ("open", "shape", "switch", "memory", "axe")


def main() -> None:
    """Measure, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--large", action="store_true", help="measure a folder of 104 weeks and 40 regions")
    parser.add_argument("--times", type=int, default=20, help="switches of each kind")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--out", type=Path, help="where the JSON goes")
    args = parser.parse_args()
    if (args.folder is None) != args.large:
        parser.error("name a folder, or --large")
    with _folder(args.folder) as (folder, rest):
        result = measured(folder, rest, args.times, args.parts)
    text = json.dumps(result, indent=1) + "\n"
    if args.out:
        args.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    sys.stdout.write(table(result))


@contextmanager
def _folder(given: Path | None) -> Iterator[tuple[Path, Path]]:
    """Yield the folder to serve, and one for the log and the browser's profiles."""
    with tempfile.TemporaryDirectory(prefix="pages-") as name:
        place = Path(name)
        yield (given or publish_large(place / "published")), place


def measured(folder: Path, rest: Path, times: int, parts: tuple[str, ...]) -> dict[str, Any]:
    """Return the parts of the table."""
    result: dict[str, Any] = {}
    with dashboard(rest, "--published", str(folder)) as server, chromium_browser(rest / "profiles") as browser:
        addresses = {name or "summary": f"{server.url}/{name}" for name in PAGES.values()}
        opening(browser, server.url)  # the first reader warms the server
        if "open" in parts:
            result["open"] = {name: opening(browser, address) for name, address in addresses.items()}
        if "switch" in parts:
            result["switch"] = switching(browser, server.url, times)
        if "memory" in parts:
            result["memory"] = memory(browser, server.url, server.process)
        if "shape" in parts:
            result["shape"] = {name: shape(browser, address) for name, address in addresses.items()}
        if "axe" in parts:
            result["axe"] = {name: barriers(browser, address) for name, address in addresses.items()}
    return result


def table(result: dict[str, Any]) -> str:
    """Return what was found as Markdown."""
    lines = ["| page | usable, s | rendered, s | words | A4 sheets | stops | axe |", "| --- |" + " --- |" * 6]
    for name in PAGES.values():
        page = name or "summary"
        times, form = result.get("open", {}).get(page, {}), result.get("shape", {}).get(page, {})
        axe = result.get("axe", {}).get(page)
        cells = [
            *(f"{times[key]:.2f}" if times else "-" for key in ("usable", "rendered")),
            *(str(form.get(key, "-")) for key in ("words", "sheets", "stops")),
            "-" if axe is None else str(sum(map(len, axe.values()))),
        ]
        lines.append(f"| {page} | {' | '.join(cells)} |")
    lines += ["", "| switch of | median, s | p95, s |", "| --- | --- | --- |"]
    lines += [f"| {name} | {it['median']:.2f} | {it['p95']:.2f} |" for name, it in result.get("switch", {}).items()]
    used = result.get("memory")
    lines += ["", f"Memory: {used['one']:.0f} MB, with 20 readers {used['twenty']:.0f} MB." if used else ""]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
