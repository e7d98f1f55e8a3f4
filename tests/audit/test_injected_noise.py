"""Only the audit's harness can draw with another noise than the real one; no command can."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.release.draw import draw
from analytics.release.noise import noisy

ROOT = Path(__file__).parents[2]
SHIPPED = ("analytics", "pipelines", "dashboard")


def choosers(code: str) -> Iterator[str]:
    """Yield each way in which a module could choose the noise of a draw."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            named = {ast.unparse(each).split(".")[-1] for each in (node.func, *node.args)}
            if "draw" in named and any(each.arg in {"noise", None} for each in node.keywords):
                yield "draw"
        elif isinstance(node, ast.Attribute) and node.attr in {"__kwdefaults__", "__wrapped__"}:
            yield node.attr
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [getattr(node, "module", None) or "", *(each.name for each in node.names)]
            if any(name.startswith("unittest") for name in names):
                yield "unittest"
            if any(each.name.split(".")[-1] == "draw" and each.asname for each in node.names):
                yield "draw by another name"


def test_a_draw_has_the_real_noise_unless_it_is_given_another() -> None:
    """The noise of `draw` can be named only, never passed by place, and without a name it is the real one."""
    assert draw.__kwdefaults__ == {"noise": noisy}


def test_nobody_but_the_harness_chooses_the_noise() -> None:
    """In all that ships one call passes a noise to a draw: the harness's. Nothing ships with `unittest.mock`."""
    found = {
        (str(path.relative_to(ROOT)), way)
        for folder in SHIPPED
        for path in (ROOT / folder).rglob("*.py")
        for way in choosers(path.read_text("utf-8"))
    }
    assert found == {("analytics/audit/harness.py", "draw")}


def test_no_command_but_the_audit_imports_the_harness() -> None:
    """The harness lies in `analytics.audit`, which one module of the pipelines imports."""
    importers = {
        path.name for path in (ROOT / "pipelines").rglob("*.py") if "analytics.audit" in path.read_text("utf-8")
    }
    assert importers == {"commands.py"}


@pytest.mark.parametrize(
    "code",
    [
        "draw(ledger, plan, noise=quiet)",
        "drawing.draw(*facts, **more)",
        "partial(draw, noise=quiet)",
        "partial(drawing.draw, **more)",
        "draw.__kwdefaults__['noise'] = quiet",
        "from unittest.mock import patch",
        "import unittest.mock",
        "from analytics.release.draw import draw as take",
    ],
)
def test_a_planted_choice_of_noise_is_seen(code: str) -> None:
    """Each way of passing another noise is found by the search above."""
    assert list(choosers(code))
