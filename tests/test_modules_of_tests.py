"""A test module holds tests: nothing imports one, and none is run as a script. Helpers are in `tests/support/`."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def faults(code: str, *, is_test: bool) -> list[str]:
    """Return the test modules that a module imports, and whether it is a test module that runs as a script."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom | ast.Import):
            module = getattr(node, "module", None) or ""
            names = [part for each in node.names for part in f"{module}.{each.name}".split(".")]
            modules = names if module.startswith("tests") or not module else []
            found += [name for name in modules if name.startswith("test_")]
        elif is_test and isinstance(node, ast.Constant) and node.value == "__main__":
            found.append("__main__")
    return found


def test_no_test_module_is_imported_or_run_as_a_script() -> None:
    """Fixtures and helpers that several modules share are in `tests/support/`; generators are scripts there."""
    paths = [path for folder in ("tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    own = Path(__file__)
    found = {
        str(path.relative_to(ROOT)): faults(path.read_text("utf-8"), is_test=path.name.startswith("test_"))
        for path in paths
        if path != own
    }
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize(
    "code",
    [
        "from tests.vault.test_erasure import office",
        "from tests.vault import test_erasure as erasure",
        "import tests.vault.test_erasure",
        "if __name__ == '__main__':\n    write()",
    ],
)
def test_a_planted_import_or_script_is_seen(code: str) -> None:
    """Each way is found by the search above."""
    assert faults(code, is_test=True)
