"""Where the page reads numbers of published rows: in the modules that know what is withheld, and nowhere else."""

import ast
from pathlib import Path

import pytest

DASHBOARD = Path(__file__).parents[2] / "dashboard"

READERS = {
    "downloads.py",
    "figures.py",
    "findings.py",
    "histories.py",
    "modelled.py",
    "over_time.py",
    "pairs.py",
    "weighted.py",
}
"""They make frozen figures of rows, without an estimate where one is withheld."""

_TABLES = {"cells", "figure", "measures", "modelled", "outlook", "pairs", "past", "representation", "series", "signals"}
_NUMBERS = {"number", "rows_in", "to_dicts", "item", "rows", "row", "iter_rows"}


def readings(source: str) -> set[str]:
    """Return by which names a module opens a published table, or takes a number from a row of one."""
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    methods = {func.attr for func in calls if isinstance(func, ast.Attribute) and ast.unparse(func.value) != "words"}
    functions = {func.id for func in calls if isinstance(func, ast.Name)}
    return methods & (_TABLES | _NUMBERS) | functions & {"rows_in"}


def test_only_modules_that_know_what_is_withheld_read_numbers() -> None:
    """A raw value of a row would be displayed with neither its interval nor its reason."""
    searched = [path for path in DASHBOARD.rglob("*.py") if path.name != "rows.py" and path.parent.name != "texts"]
    found = {path.name for path in searched if readings(path.read_text())}
    assert found == READERS


@pytest.mark.parametrize(
    "line",
    [
        'value = published.measures(choice.product)["estimate"][0]',
        'value = row.number("estimate")',
        "value = rows_in(frame)[0]",
        "value = frame.item()",
    ],
)
def test_a_planted_reading_is_found(line: str) -> None:
    """Each way to a raw value is seen."""
    assert readings(line)
