"""The page on bad input names every rule that the intake has, and tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "bad-input.md").read_text("utf-8")


FORMS = (
    r'Rule\("(\w+)"',  # checks of a frame
    r'fault="(\w+)"',  # checks of a distinct text
    r'faults?\.where\("(\w+)"',
    r'else "(\w+)"\)\n',
    r'rule = "(\w+)"',
    r'RowRefusedError\("(\w+)"',  # readers
    r'\(\(?\w+, "([a-z0-9_]+)", "[a-z_]*"\)',
    r'"(missing|too_long|not_allowed)"',
    r'refuse_lines\(.*, "(\w+)", "\w+"\)',  # keeping
)
"""How the intake's modules name a rule."""


def rules_of(folder: str) -> set[str]:
    """Return the names of rules that a folder of the vault gives to rows."""
    modules = (ROOT / "analytics" / "vault" / folder).rglob("*.py")
    source = "".join(path.read_text("utf-8") for path in modules)
    return {rule for form in FORMS for rule in re.findall(form, source)}


@pytest.mark.parametrize(
    ("folder", "known"),
    [
        ("checks", {"off_scale", "unknown_word", "not_a_date", "missing"}),
        ("readers", {"ragged", "too_deep"}),
        ("keeping", {"unknown_entry"}),
    ],
)
def test_every_rule_is_on_the_page(folder: str, known: set[str]) -> None:
    """A rule that a row can break has its line in the page's second table."""
    rules = rules_of(folder)
    assert known <= rules
    assert rules <= set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))


def test_the_page_names_tests_that_exist() -> None:
    """Every test that the page names is there."""
    everything = "".join(path.read_text("utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    named = set(re.findall(r"::(test_\w+)", PAGE)) | set(re.findall(r"`(test_[a-z_]+)`", PAGE))
    assert len(named) > 20
    assert [name for name in sorted(named) if f"def {name}(" not in everything] == []


def test_the_page_names_files_that_exist() -> None:
    """Every file of tests that the page names is there."""
    named = set(re.findall(r"(test_\w+\.py)", PAGE))
    assert [name for name in sorted(named) if not (ROOT / "tests" / name).is_file()] == []
