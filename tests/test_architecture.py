"""The shape that the promise rests on: who may import whom, and what no committed file may say."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.untyped import untyped

ROOT = Path(__file__).parents[1]
LINTER = Path(sys.executable).with_name("lint-imports")


def committed() -> list[Path]:
    """Return the files that git tracks."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S607 -- git from the path
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("dashboard/app.py", "import analytics.store.ledger"),  # the page would see the ledger
        ("analytics/trends/publication/card.py", "import analytics.vault.database"),  # the noisy side would see persons
        ("analytics/release/draw.py", "import analytics.trends.publication.card"),  # a draw could look at figures
        ("analytics/trends/estimation/figures.py", "import opendp.prelude"),  # noise outside the noise
        ("analytics/store/ledger.py", "import prefect"),  # the domain would know its orchestrator
    ],
)
def test_a_planted_forbidden_import_is_caught(tmp_path: Path, module: str, line: str) -> None:
    """An import across the trust levels fails the checks."""
    for package in ("analytics", "pipelines", "dashboard", "data_contracts"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / module
    planted.write_text(f"{planted.read_text()}\n{line}\n")
    result = subprocess.run(
        [LINTER, "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(tmp_path)},
    )
    assert result.returncode == 1
    assert "BROKEN" in result.stdout


def test_the_lock_names_no_host() -> None:
    """`requirements.lock` has names, versions, markers and hashes, and no URL."""
    text = (ROOT / "requirements.lock").read_text()
    assert "://" not in text
    assert "--hash=sha256:" in text
    assert not (ROOT / "uv.lock").exists()


def test_no_committed_file_names_a_path_of_a_machine() -> None:
    """No file that git tracks says where somebody's machine keeps its things."""
    pattern = re.compile(r"(^|[^A-Za-z0-9_./])/(work|root|tmp|home)/[A-Za-z0-9_.-]+", re.MULTILINE)
    texts = [path for path in committed() if path.suffix in {".py", ".md", ".toml", ".yaml", ".sql", ".lock", ""}]
    assert [path.name for path in texts if pattern.search(path.read_text("utf-8", errors="replace"))] == []


def test_sql_touches_no_float_and_no_chance() -> None:
    """No statement over protected rows uses floating point, averages or random numbers."""
    for path in (ROOT / "analytics/vault/sql").rglob("*.sql"):
        statement = re.sub(r"--.*", "", path.read_text()).lower()
        assert not re.search(r"\b(float|double|real|avg|random|decimal)\b", statement), path.name


def test_every_statement_says_its_grain_or_yield_and_trust() -> None:
    """Each `.sql` file begins with what it yields and who may see it, and holds one statement."""
    for path in (ROOT / "analytics").rglob("*.sql"):
        text = path.read_text()
        header = "\n".join(line for line in text.splitlines() if line.startswith("--"))
        assert "trust:" in header, path.name
        assert "yields:" in header or "grain:" in header, path.name
        if "TRIGGER" not in text:
            assert ";" not in re.sub(r"--.*", "", text), path.name


def test_no_module_has_grown_past_one_idea() -> None:
    """No module is longer than 300 lines."""
    for package in ("analytics", "pipelines", "dashboard"):
        for path in (ROOT / package).rglob("*.py"):
            assert len(path.read_text().splitlines()) <= 300, path.name


TYPED = ("analytics/release", "analytics/store", "analytics/trends", "dashboard")
"""The packages whose modules hand typed values to one another."""


@pytest.mark.parametrize("package", TYPED)
def test_what_a_module_hands_to_another_has_a_type(package: str) -> None:
    """Stored JSON is read into frozen values once; no `cast` and no `dict[str, Any]` crosses the border of a module."""
    paths = sorted((ROOT / package).rglob("*.py"))
    assert paths
    assert {path.name: names for path in paths if (names := untyped(path.read_text("utf-8")))} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "def read(body: dict[str, Any]) -> int: ...",
        "def read(text: str) -> dict[str, Any]: ...",
        "def read(**said: Any) -> None: ...",
        "def read(body: 'dict[str, Any]') -> int: ...",
        "class Entry:\n    body: dict[str, Any]",
        "class Entry:\n    def body(self) -> typing.Any: ...",
        "Row = dict[str, Any]",
        "ROWS: list[dict[str, Any]] = []",
        "from typing import cast",
        "import typing\ncard = typing.cast('Card', 1)",
        "def _read() -> int:\n    from typing import cast\n    return cast('int', 1)",
    ],
)
def test_a_planted_untyped_border_is_found(planted: str) -> None:
    """The test above finds each way in which a value without a type leaves a module."""
    assert untyped(planted)


@pytest.mark.parametrize(
    "plain",
    [
        "def _read(row: tuple[Any, ...]) -> int: ...",  # inside a module
        "class _Row:\n    values: dict[str, Any]",
        "def read(row: dict[str, object]) -> int: ...",  # an object must be looked at before it is used
        "frame.select(pl.col('day').cast(pl.Date))",  # Polars' own
    ],
)
def test_what_stays_in_a_module_or_is_looked_at_is_no_border(plain: str) -> None:
    """And nothing else."""
    assert untyped(plain) == []
