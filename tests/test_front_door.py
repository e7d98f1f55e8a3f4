"""The way in: README, `make help`, CONTRIBUTING and the pages for each reader say what is there, and lead to it."""

import functools
import re
import subprocess
import sys
from pathlib import Path

import pytest

from analytics.contracts import read_plan, shipped_contracts

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE)
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
READERS = {
    "accuracy": "You want to know",
    "measures": "You read the published figures",
    "operators": "You run Murmuration",
    "sources": "You prepare the files",
}


@functools.cache
def commands() -> frozenset[str]:
    """Return the commands that `murmuration --help` lists."""
    words = [sys.executable, "-m", "pipelines.cli", "--help"]
    usage = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return frozenset(re.findall(r"^    (\w+)(?: |$)", usage, re.MULTILINE))


def test_the_readme_is_short_and_has_its_map_early() -> None:
    """At most 140 lines; a picture, both commands and every room of the map come by line 40."""
    lines = README.splitlines()
    assert len(lines) <= 140
    early = "\n".join(lines[:40])
    assert "](docs/images/summary-desktop.png)" in early
    assert "$ make demo" in early
    assert "murmuration dashboard" in early
    rooms = {path.parent.name for path in (ROOT / "analytics").glob("*/__init__.py")}
    named = re.findall(r"`(?:analytics/)?(\w+)/`", early)
    assert rooms <= set(named)
    for trust in ("MAY SEE A PERSON", "SEES EXACT SUMS", "SEES NOISE ONLY"):
        assert trust in early


def test_the_readme_lists_every_command_and_every_target() -> None:
    """One table has all of them, but for what sets up, helps and locks; and it names no other."""
    listed = README.split("## Every command")[1].split("\n## ")[0]
    assert set(re.findall(r"`make (\w+)`", listed)) == set(TARGETS) - {"help", "install", "lock"}
    assert len(commands()) >= 17
    assert set(re.findall(r"`murmuration (\w+)`", listed)) == commands()


def test_every_target_is_phony_and_has_a_line_of_help() -> None:
    """`make help` is made of the targets' own lines, in their order, and leaves none out."""
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert phony.group(1).split() == TARGETS
    helped = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607 -- the system's make
    assert re.findall(r"^make (\w+) ", helped, re.MULTILINE) == TARGETS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_names_only_targets_and_commands_that_exist(page: Path) -> None:
    """What a reader is asked to type is there; a changelog and decisions speak of earlier days."""
    text = page.read_text("utf-8")
    assert set(re.findall(r"`make (\w+)", text)) <= set(TARGETS)
    if page.name in {"CHANGELOG.md", "DECISIONS.md"}:
        return
    assert set(re.findall(r"^\$ (?:\.venv/bin/)?murmuration (\w+)", text, re.MULTILINE)) <= commands()


def test_each_page_begins_with_its_reader() -> None:
    """The first sentence of a page says whom it is for."""
    for name, sentence in READERS.items():
        title, text = (ROOT / "docs" / f"{name}.md").read_text("utf-8").split("\n\n", 1)
        assert title.startswith("# ")
        assert text.startswith(sentence)


def test_every_declared_source_is_on_its_page() -> None:
    """Each declaration that the program brings has its row, but for the service's own file and the real data."""
    declared = {path.stem for path in (ROOT / "data_contracts" / "sources").glob("*.yaml")}
    listed = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "sources.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(declared - {"canonical", "covidaffect"})


def test_every_shipped_pattern_is_on_its_page() -> None:
    """Each measure of the plans has its row, but for the mood itself, which the page begins with."""
    plans = [read_plan(shipped_contracts(), name)[0] for name in ("standard", "small")]
    listed = re.findall(r"^\| [^|]+ \| `(\w+)` \|", (ROOT / "docs" / "measures.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted({name for plan in plans for name in plan.measures} - {"mood_bands"})


def test_every_test_and_file_that_contributing_names_is_there() -> None:
    """A step leads to a file, and a mistake to a test, that exist."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for file, test in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text):
        if "FORMAT" not in file and "NAME" not in file:
            assert f"def {test}" in (ROOT / file).read_text("utf-8"), (file, test)
    folders = r"`((?:analytics|pipelines|dashboard|data_contracts|tests)/[\w./]+\.(?:py|sql|yaml))`"
    for file in re.findall(folders, text):
        assert (ROOT / file).is_file() or "NAME" in file or "FORMAT" in file, file


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    """Sphinx makes all pages; a link to a page, file or heading that is not there is an error."""
    words = ["-m", "sphinx", "-W", "--keep-going", "--quiet", "-c", "docs", ".", str(tmp_path / "site")]
    built = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    for page in PAGES:
        assert (tmp_path / "site" / page.relative_to(ROOT)).with_suffix(".html").is_file()


def test_every_picture_is_made_by_the_script_and_used() -> None:
    """No picture is made by hand, none is left over, and each is small."""
    script = (ROOT / "docs" / "screenshots.py").read_text("utf-8")
    pages, *_ = re.findall(r"^PAGES = \((.*)\)$", script, re.MULTILINE)
    kinds = set(re.findall(r'f"\{name\}-(\w+)\.png"', script))
    made = {f"{page}-{kind}.png" for page in re.findall(r'"(\w+)"', pages) for kind in kinds}
    there = {path.name: path.stat().st_size for path in (ROOT / "docs" / "images").iterdir()}
    text = "".join(page.read_text("utf-8") for page in PAGES)
    assert there.keys() == made == set(re.findall(r"images/([\w-]+\.png)\)", text))
    assert max(there.values()) <= 200_000


def test_a_replaced_decision_names_one_that_is_there() -> None:
    """Decisions are numbered from 1 on, and who replaces another comes later."""
    titles = re.findall(r"^## (\d+)\. (.*)$", (ROOT / "DECISIONS.md").read_text("utf-8"), re.MULTILINE)
    numbers = [int(number) for number, _ in titles]
    assert numbers == sorted(set(numbers))
    replaced = {int(number): re.findall(r"by (\d+)", title) for number, title in titles if "replaced by" in title}
    assert len(replaced) > 3
    for number, others in replaced.items():
        assert [int(other) for other in others if int(other) <= number or int(other) not in numbers] == []
