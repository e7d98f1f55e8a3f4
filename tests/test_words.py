"""No name and no text holds a word that the glossary lists as not used."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.glossary import EVERYWHERE, GLOSSARY, IN_NAMES, listed_words, pattern

ROOT = Path(__file__).parents[1]
FOLDERS = ("analytics", "benchmarks", "dashboard", "data_contracts", "docs", "pipelines", "tests")
SUFFIXES = {".py", ".sql", ".yaml", ".md"}

NOT_YET = (
    "README.md",
    "analytics/audit",
    "analytics/disclosure",
    "analytics/odds.py",
    "analytics/release",
    "analytics/simulation",
    "analytics/vault",
    "docs/bad-input.md",
    "docs/consent.md",
    "docs/participants.md",
    "docs/privacy",
    "pipelines",
    "tests/audit",
    "tests/conftest.py",
    "tests/crash",
    "tests/disclosure",
    "tests/mutants",
    "tests/pipelines",
    "tests/promise",
    "tests/release",
    "tests/sequences",
    "tests/store",
    "tests/support",
    "tests/test_odds.py",
    "tests/trends/publication/test_verify.py",
    "tests/vault",
)
"""Files and folders that still hold such words. One that holds none any more must leave this list."""

TEXT = pattern(listed_words(EVERYWHERE))
NAME = pattern([*listed_words(EVERYWHERE), *listed_words(IN_NAMES)])
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def found_in(name: str, text: str) -> Iterator[str]:
    """Yield each such word of a file, as `line: word`; of Python its names are read by their parts."""
    for number, line in enumerate(text.splitlines(), start=1):
        yield from (f"{number}: {hit[0]}" for hit in TEXT.finditer(line))
    if name.endswith(".py"):
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME and (hit := NAME.search(_HUMP.sub("_", token.string))):
                yield f"{token.start[0]}: {token.string} ({hit[0]})"


def files() -> Iterator[tuple[str, str]]:
    """Yield every file that people read, with its text; of the glossary all but its two lists."""
    paths = [ROOT / "README.md", *(path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")))]
    for path in paths:
        if path.suffix in SUFFIXES and path != Path(__file__):
            text = path.read_text("utf-8")
            if path == GLOSSARY:
                text = "\n".join(line for line in text.splitlines() if not line.startswith("Not used"))
            yield path.relative_to(ROOT).as_posix(), text


def room_of(name: str) -> str | None:
    """Return which of `NOT_YET` a file is or lies in."""
    return next((room for room in NOT_YET if name == room or name.startswith(f"{room}/")), None)


@pytest.fixture(scope="module")
def held() -> dict[str, list[str]]:
    """Return the words of each file that holds any."""
    return {name: hits for name, text in files() if (hits := list(found_in(name, text)))}


def test_no_name_and_no_text_holds_a_word_that_is_not_used(held: dict[str, list[str]]) -> None:
    """The words of the glossary's lists are in no file but those that are still to be rewritten."""
    assert {name: hits for name, hits in held.items() if room_of(name) is None} == {}


def test_what_is_rewritten_leaves_the_list(held: dict[str, list[str]]) -> None:
    """A file or folder of the list that holds no such word any more would let one in unseen."""
    assert {room_of(name) for name in held} - {None} == set(NOT_YET)


@pytest.mark.parametrize(
    ("name", "text", "hits"),
    [
        ("a.py", "told_of = 1\n", ["1: told", "1: told_of (told)"]),
        ("a.py", "class WhoseFile:\n    pass\n", ["1: WhoseFile (Whose)"]),
        ("a.py", '"""People whose area is unknown."""\n', []),  # plain English, and no name
        ("a.py", "x = 1  # it begins anew\n", ["1: anew"]),
        ("a.py", "withstands = 1\n", []),  # another word
        ("a.sql", "-- rows of nobody\nSELECT 1\n", ["1: of nobody"]),
        ("a.yaml", "definition: Each is set  beside its own\n", ["1: set  beside"]),
        ("a.md", "Weeks that hang together.\n", ["1: hang together"]),
    ],
)
def test_a_planted_word_is_found(name: str, text: str, hits: list[str]) -> None:
    """In names, docstrings, comments, SQL, contracts and documents, each by itself."""
    assert list(found_in(name, text)) == hits
