"""The shape that the promise rests on: who may import whom, and what no committed file may say."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.untyped import untyped

ROOT = Path(__file__).parents[1]
LINTER = Path(sys.executable).with_name("lint-imports")
PACKAGES = ("analytics", "pipelines", "dashboard", "data_contracts")
DOORS = "The pipelines know the vault by these doors alone"


def committed() -> list[Path]:
    """Return the files that git tracks."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S607 -- git from the path
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("dashboard/app.py", "import analytics.store.ledger", ""),  # the page would see the ledger
        ("analytics/trends/publication/card.py", "import analytics.vault.database", ""),  # noise would see persons
        ("analytics/release/draw.py", "import analytics.trends.publication.card", ""),  # a draw could look at figures
        ("analytics/trends/estimation/figures.py", "import opendp.prelude", ""),  # noise outside the noise
        ("analytics/store/ledger.py", "import prefect", ""),  # the domain would know its orchestrator
        ("pipelines/steps.py", "import analytics.vault.readers", DOORS),  # a person's file could be opened
        ("pipelines/privacy_commands.py", "import analytics.vault.pseudonym", DOORS),  # an id could be hashed
        ("pipelines/privacy_commands.py", "import analytics.vault.residue.search_terms", DOORS),  # texts could be held
        ("pipelines/steps.py", "import analytics.vault.database", DOORS),  # rows could be asked for
    ],
)
def test_a_planted_forbidden_import_is_caught(tmp_path: Path, module: str, line: str, contract: str) -> None:
    """An import across the trust levels fails the checks."""
    copied(tmp_path)
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
    assert f"{contract} BROKEN" in result.stdout


def copied(folder: Path) -> None:
    """Copy the packages, and the linter's configuration for them, to plant something in them."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)


def cycle_in(folder: Path) -> list[str]:
    """Return a circle of imports in the packages of a folder."""
    script = ROOT / "tests" / "support" / "import_cycles.py"
    result = subprocess.run(
        [sys.executable, script, *PACKAGES],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(folder)},
    )
    return result.stdout.split()


def test_no_module_imports_itself_by_a_detour(tmp_path: Path) -> None:
    """There is no circle of imports, not even of one inside a function; a planted one is found."""
    assert cycle_in(ROOT) == []
    copied(tmp_path)
    planted = tmp_path / "pipelines" / "due_periods.py"
    planted.write_text(f"{planted.read_text()}\n\ndef late() -> None:\n    from pipelines import demo\n")
    cycle = cycle_in(tmp_path)
    assert {"pipelines.demo", "pipelines.due_periods"} <= set(cycle)
    assert cycle[0] == cycle[-1]


def test_the_pipelines_are_a_thin_floor() -> None:
    """At most 16 modules: what knows people, noise or figures belongs below."""
    assert len(list((ROOT / "pipelines").rglob("*.py"))) <= 16


_READS = {"open", "read_bytes", "read_text", "read_csv", "read_parquet", "rows", "frame", "fdopen"}
_READS_TEXTS = {"csv", "hashlib", "hmac", "unicodedata", "duckdb", "polars", "pyarrow"}


def readings(source: str) -> set[str]:
    """Return what a module calls that could open a file, ask a vault or hash, and what it takes of standard input."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found |= {name} & _READS
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "sys.stdin":
            found |= {f"sys.stdin.{node.attr}"}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names} & _READS_TEXTS
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module.split(".")[0]} & _READS_TEXTS
    return found


def test_nothing_in_the_pipelines_opens_a_file_of_a_person_or_hashes_an_id() -> None:
    """Each module that reads anything reads these files, which are nobody's; all others read none."""
    known = {
        "demo.py": {"read_bytes"},  # the home's cohorts.yaml
        "plan_command.py": {"read_text"},  # the release plan
        "prefect_server.py": {"open", "read_bytes"},  # the server's log and record
        "cli.py": {"open"},  # the null device
        "privacy_commands.py": {"sys.stdin.isatty"},  # whether to say how to end the input
    }
    modules = (ROOT / "pipelines").rglob("*.py")
    assert {path.name: found for path in modules if (found := readings(path.read_text()))} == known


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("texts = path.read_text()", "read_text"),
        ("with (folder / 'export.csv').open() as file: pass", "open"),
        ("ids = sys.stdin.buffer.read()", "sys.stdin.buffer"),
        ("people = vault.rows('person_any')", "rows"),
        ("from hashlib import sha256", "hashlib"),
        ("import hmac", "hmac"),
    ],
)
def test_a_planted_reading_is_found(line: str, found: str) -> None:
    """What the pipelines may not do is seen when a line of it is planted."""
    module = (ROOT / "pipelines" / "steps.py").read_text()
    assert readings(module) == set()
    assert found in readings(f"{module}\n{line}\n")


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
