"""The page on bad input names every rule that the intake has, and tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "bad-input.md").read_text("utf-8")


def rules_of(module: str) -> set[str]:
    """Return the names of rules that a module of the intake gives to rows."""
    source = (ROOT / "analytics" / "vault" / module).read_text("utf-8")
    return set(re.findall(r'Rule\("(\w+)"', source)) | set(re.findall(r'\(\(?\w+, "(\w+)", ""\)', source))


@pytest.mark.parametrize(("module", "known"), [("checking.py", "off_scale"), ("readers/delimited.py", "ragged")])
def test_every_rule_is_on_the_page(module: str, known: str) -> None:
    """A rule that a row can break has its line in the page's second table."""
    rules = rules_of(module)
    assert known in rules
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
