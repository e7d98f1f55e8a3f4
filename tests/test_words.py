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
SUFFIXES = {".py", ".sql", ".yaml", ".md", ".j2"}

STORED = {
    "heard_at": "a key of `secret/withdrawn.json`: homes made before have it, until the list's next format",
}
"""Names in files of homes, which cannot change; they are allowed as one quoted text, and nowhere else."""

TEXT = pattern(listed_words(EVERYWHERE))
NAME = pattern([*listed_words(EVERYWHERE), *listed_words(IN_NAMES)])
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def found_in(name: str, text: str) -> Iterator[str]:
    """Yield each such word of a file, as `line: word`; of Python its names are read by their parts."""
    for stored in STORED:
        text = text.replace(f'"{stored}"', '"_"')
    for number, line in enumerate(text.splitlines(), start=1):
        yield from (f"{number}: {hit[0]}" for hit in TEXT.finditer(line))
    if name.endswith(".py"):
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME and (hit := NAME.search(_HUMP.sub("_", token.string))):
                yield f"{token.start[0]}: {token.string} ({hit[0]})"


def files() -> Iterator[tuple[str, str]]:
    """Yield every file that people read, with its text; of the glossary all but its two lists."""
    paths = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *(path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*"))),
    ]
    for path in paths:
        if path.suffix in SUFFIXES and path != Path(__file__):
            text = path.read_text("utf-8")
            if path == GLOSSARY:
                text = "\n".join(line for line in text.splitlines() if not line.startswith("Not used"))
            yield path.relative_to(ROOT).as_posix(), text


def test_no_name_and_no_text_holds_a_word_that_is_not_used() -> None:
    """The words of the glossary's lists are in no file, but for stored names."""
    assert {name: hits for name, text in files() if (hits := list(found_in(name, text)))} == {}


@pytest.mark.parametrize("stored", STORED)
def test_a_stored_name_is_still_in_use(stored: str) -> None:
    """A name that no file has any more must leave the list, or it would let the word in again unseen."""
    assert [name for name, text in files() if name.startswith("analytics/") and f'"{stored}"' in text]


@pytest.mark.parametrize(
    ("name", "text", "hits"),
    [
        ("a.py", "told_of = 1\n", ["1: told", "1: told_of (told)"]),
        ("a.py", "class WhoseFile:\n    pass\n", ["1: WhoseFile (Whose)"]),
        ("a.py", '"""People whose area is unknown."""\n', []),  # plain English, and no name
        ("a.py", "x = 1  # it begins anew\n", ["1: anew"]),
        ("a.py", "withstands = 1\n", []),  # another word
        ("a.py", 'KEY = "heard_at"\n', []),  # a stored name
        ("a.py", "heard_at = 1\n", ["1: heard", "1: heard_at (heard)"]),  # the same word as a name of ours
        ("a.sql", "-- rows of nobody\nSELECT 1\n", ["1: of nobody"]),
        ("a.yaml", "definition: Each is set  beside its own\n", ["1: set  beside"]),
        ("a.md", "Weeks that hang together.\n", ["1: hang together"]),
    ],
)
def test_a_planted_word_is_found(name: str, text: str, hits: list[str]) -> None:
    """In names, docstrings, comments, SQL, contracts and documents, each by itself."""
    assert list(found_in(name, text)) == hits
