"""The page on bad input has every rule by which a row can be refused, and names tests that exist."""

import ast
import re
from pathlib import Path

import pytest

from analytics.vault.validation.rule_names import RuleName
from tests.support.rules_table import PAGE, rules_table, with_table

ROOT = Path(__file__).parents[2]
TEXT = PAGE.read_text("utf-8")
MODULES = sorted((ROOT / "analytics" / "vault").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))


def test_the_page_has_the_rules_of_today() -> None:
    """The table is the one that is made from the rules: `python -m tests.support.rules_table` writes it."""
    assert rules_table() in TEXT
    assert with_table(TEXT) == TEXT
    assert {rule.value for rule in RuleName} <= set(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE))


def test_a_table_of_yesterday_is_replaced() -> None:
    """A row that is no rule goes, and what follows the table stays."""
    old = TEXT.replace("\n| `ragged` | - |", "\n| `gone` | - |") + "\nAfter the table.\n"
    assert with_table(old) == TEXT + "\nAfter the table.\n"


@pytest.mark.parametrize("rule", RuleName)
def test_a_rule_says_what_happened_and_what_to_do(rule: RuleName) -> None:
    """Both are sentences, and fit in one line of a table."""
    assert rule.happened.endswith(".")
    assert rule.action.endswith(".")
    assert "|" not in rule.columns + rule.happened + rule.action
    assert "\n" not in rule.columns + rule.happened + rule.action


def _texts(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def test_no_module_writes_a_rule_as_text() -> None:
    """A rule that is written as text would be in no table: every module of the vault names its rules by the enum."""
    modules = [path for path in MODULES if path.name != "rule_names.py"]
    assert [(path.name, text) for path in modules for text in _texts(path) if text in {*RuleName}] == []


@pytest.mark.parametrize("rule", RuleName)
def test_every_rule_is_used(rule: RuleName) -> None:
    """A rule that no module can give to a row does not belong on the page."""
    assert any(f"RuleName.{rule.name}" in path.read_text("utf-8") for path in MODULES)


def test_the_page_names_tests_that_exist() -> None:
    """Every test that the page names is there."""
    everything = "".join(path.read_text("utf-8") for path in TESTS)
    named = set(re.findall(r"::(test_\w+)", TEXT)) | set(re.findall(r"`(test_[a-z_]+)`", TEXT))
    assert len(named) > 20
    assert [name for name in sorted(named) if f"def {name}(" not in everything] == []


def test_the_page_names_files_that_exist() -> None:
    """Every file of tests that the page names is there."""
    named = set(re.findall(r"(test_\w+\.py)", TEXT))
    assert len(named) > 10
    assert sorted(named - {path.name for path in TESTS}) == []
