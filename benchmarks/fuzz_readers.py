"""Guided fuzzing of the readers: damaged files of every source, and what may leave a reader.

`python benchmarks/fuzz_readers.py --seconds 60 [--format NAME]` needs atheris (`pip install atheris`), which is no
dependency of the project. Inputs begin as the specimens of the tests and are bent so that they reach new code. A file
may only be refused as `FileRefusedError`; neither its text nor what is printed may hold anything of a file's; rows may
hold only their kind's columns, as text. One line of JSON per source: inputs, crashes, leaks; exit 1 if there are any.
"""

import argparse
import contextlib
import importlib
import io
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CANARY = "CANARY"
INPUT_BYTES = 16_384
SOME_CANARIES = 5
"""A bent file often loses its canary; a leak is counted only where the file still had one."""

SEEDS_OF_OTHER_CONTAINERS = (".json", ".ndjson", ".parquet")


def main() -> int:
    """Fuzz each source in a process of its own, since the fuzzer never returns."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--seconds", type=int, default=60, help="for each source")
    options.add_argument("--format", dest="name", help="a source's name; without it, all that have a specimen")
    options.add_argument("--child", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    sys.path.insert(0, str(ROOT))
    if chosen.child:
        fuzz(chosen.name, Path(chosen.child), chosen.seconds)
    specimens = sorted(path.stem for path in (ROOT / "tests/specimens").glob("*.py") if path.stem != "__init__")
    faults = 0
    for name in [chosen.name] if chosen.name else specimens:
        counts = watched(name, chosen.seconds)
        sys.stdout.write(f"{json.dumps(counts)}\n")
        sys.stdout.flush()
        faults += counts["crashes"] + counts["leaks"]
    return int(faults > 0)


def watched(name: str, seconds: int) -> dict[str, Any]:
    """Run one source's fuzzer and return what it counted; a process that died is a crash."""
    with tempfile.TemporaryDirectory(prefix="fuzz-readers-") as folder:
        output = Path(folder) / "output"
        words = [sys.executable, __file__, "--format", name, "--seconds", str(seconds), "--child", folder]
        with output.open("wb") as file:
            ended = subprocess.run(words, stdout=file, stderr=file, cwd=folder, check=False).returncode  # noqa: S603 -- this script
        counted = Path(folder) / "counts.json"
        counts: dict[str, Any] = {"source": name, "inputs": 0, "crashes": 0, "leaks": 0, "kinds": {}}
        counts |= json.loads(counted.read_text()) if counted.exists() else {}
        counts["crashes"] += ended != 0
        counts["leaks"] += CANARY in output.read_text(errors="replace")
        if ended:
            counts["kinds"]["process died"] = 1
        return counts


class Judge:
    """Reads one input after another and counts what must not be."""

    def __init__(self, name: str, folder: Path, refused: type[Exception], read: Callable[[Path], Any]) -> None:
        """Begin with nothing counted."""
        self._path, self._counts_file = folder, folder / "counts.json"
        self._refused, self._read = refused, read
        self._counts: dict[str, Any] = {"source": name, "inputs": 0, "refused": 0, "crashes": 0, "leaks": 0}
        self._kinds: Counter[str] = Counter()

    def one(self, ending: str, data: bytes) -> None:
        """Read one file and judge what came of it."""
        path = self._path / f"input{ending}"
        path.write_bytes(data)
        self._counts["inputs"] += 1
        said = ""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            try:
                self._read(path)
            except self._refused as refused:
                self._counts["refused"] += 1
                said = f"{refused} {getattr(refused, 'action', '')} {refused.__context__} {refused.__cause__}"
            except MemoryError as error:
                self._crash(error)
            except Exception as error:  # noqa: BLE001 -- any other is what is looked for
                self._crash(error)
        if CANARY in said or CANARY in printed.getvalue():
            self._counts["leaks"] += 1
            self._kinds["leak"] += 1
        path.unlink()
        if self._counts["inputs"] % 100 == 0 or self._counts["crashes"]:
            self.note()

    def _crash(self, error: Exception) -> None:
        """Keep where it broke, never its text, which may quote the file (here an invented one, but as a habit)."""
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = "" if trace is None else f" {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        self._counts["crashes"] += 1
        self._kinds[f"{type(error).__name__}{where}"] += 1

    def note(self) -> None:
        """Write the counts where the watching process finds them, whatever happens to this one."""
        part = self._counts_file.with_suffix(".part")
        part.write_text(json.dumps(self._counts | {"kinds": dict(self._kinds)}))
        part.replace(self._counts_file)


def fuzz(name: str, folder: Path, seconds: int) -> None:
    """Fuzz one source's reader until the time is over; does not return."""
    import atexit  # noqa: PLC0415 -- needed here only

    import atheris  # type: ignore[import-not-found]  # noqa: PLC0415 -- in the child only: it is no dependency

    # Libraries are loaded first and stay as they are: what is to be reached is the readers' own code.
    for library in ("polars", "pyarrow.parquet", "numpy", "duckdb", "pydantic", "yaml"):
        importlib.import_module(library)
    with atheris.instrument_imports(include=["analytics.vault.readers"]):
        readers = importlib.import_module("analytics.vault.readers")
        for reader in readers.formats():
            importlib.import_module(f"analytics.vault.readers.{reader}")
    from analytics.contracts import read_contracts, shipped_contracts  # noqa: PLC0415 -- after the instrumentation
    from analytics.errors import FileRefusedError  # noqa: PLC0415

    rows = importlib.import_module("analytics.vault.readers.shared.rows")
    specimen = importlib.import_module(f"tests.specimens.{name}")
    contracts = read_contracts(shipped_contracts(), "standard")
    source = contracts.sources[getattr(specimen, "SOURCE", name)]
    extra = {"participant": set(contracts.grid.dimensions)}
    reader = readers.reader_of(source)

    def read(path: Path) -> None:
        for part in reader(path, source):
            check(part, {"line", *rows.COLUMNS[part.kind], *extra.get(part.kind, set())})

    endings = [Path(specimen.FILE_NAME).suffix]
    if source.format == "generic":
        endings += [ending for ending in SEEDS_OF_OTHER_CONTAINERS if ending not in endings]
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds(specimen, endings, read_columns(source))):
        (corpus / str(number)).write_bytes(seed)
    judge = Judge(name, folder, FileRefusedError, read)
    atexit.register(judge.note)

    def one(data: bytes) -> None:
        if data:  # the first byte chooses the ending
            judge.one(endings[data[0] % len(endings)], data[1:])

    words = [sys.argv[0], str(corpus), f"-max_total_time={seconds}", f"-max_len={INPUT_BYTES}", "-rss_limit_mb=4096"]
    atheris.Setup([*words, "-timeout=60", "-print_final_stats=0", f"-artifact_prefix={folder}{os.sep}"], one)
    judge.note()
    atheris.Fuzz()


def check(part: Any, allowed: set[str]) -> None:  # noqa: ANN401 -- RawRows, whose module is loaded late
    """Make sure that rows are text in their kind's columns, and bad lines name rules and columns only.

    Raises:
        AssertionError: if not.
    """
    types = {name: str(kind) for name, kind in part.rows.schema.items()}
    if set(types) - allowed:
        message = "a column that there is not"
        raise AssertionError(message)
    if any(kind != ("Int64" if name == "line" else "String") for name, kind in types.items()):
        message = "a column that is no text"
        raise AssertionError(message)
    # Bad lines of every kind stand in parts of entries, so any column's name may appear; a name is a word.
    for rule, column in part.bad.select("rule", "column").unique().iter_rows():
        if (
            not rule.replace("_", "").isalnum()
            or CANARY in f"{rule} {column}"
            or (not column.replace("_", "").isalnum() and column)
        ):
            message = "a bad line that tells more than a rule and a column"
            raise AssertionError(message)


def read_columns(source: Any) -> list[str]:  # noqa: ANN401 -- Source, whose module is loaded late
    """Return the file's columns that a declaration names."""
    named = source.columns.model_dump()
    return [name for name in named.values() if isinstance(name, str)] + list(named["free_text"])


def seeds(specimen: Any, endings: list[str], columns: list[str]) -> list[bytes]:  # noqa: ANN401 -- a module
    """Return the inputs to begin with: the specimen, and for tables the same in the other containers."""
    import polars as pl  # noqa: PLC0415 -- in the child only

    found = [b"\x00" + specimen.GOOD]
    if hasattr(specimen, "ANYTHING"):
        found.append(b"\x00" + specimen.file([*specimen.OTHERS, *specimen.ANYTHING])[:INPUT_BYTES])
    record = {name: f"{CANARY}-{number}" for number, name in enumerate(columns)}
    record |= {name: "2026-05-04T09:00" for name in columns if "time" in name or name.endswith("_at")}
    record |= {name: "4" for name in columns if name in {"mood", "valence", "sleep_hours", "sleep_quality"}}
    for number, ending in enumerate(endings[1:], start=1):
        data = io.BytesIO()
        if ending == ".parquet":
            frame = pl.DataFrame([record, record | dict.fromkeys(columns, None)], infer_schema_length=None)
            frame.write_parquet(data, compression="uncompressed", statistics=False)
        else:
            data.write(json.dumps([record, record] if ending == ".json" else record).encode())
        found.append(bytes([number]) + data.getvalue())
    return found


if __name__ == "__main__":
    sys.exit(main())
