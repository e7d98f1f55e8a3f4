"""DuckDB files: every column of every table that can hold a text or bytes, and the catalogue's own words."""

import re
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path

import duckdb

from analytics.sqlfiles import statement
from analytics.vault.closed_database import close_outside
from analytics.vault.residue.columns import BATCH_ROWS, read
from analytics.vault.residue.parts import DecodedPart, joined

MEMORY_LIMIT = "256MB"

_SQL = Path(__file__).parent / "sql"
_NUMBERS = re.compile(
    r"BOOLEAN|U?(?:TINYINT|SMALLINT|INTEGER|BIGINT)|FLOAT|DOUBLE|INTERVAL|DATE|TIME(?:STAMP)?(?:_| |$).*"
)
"""Types that hold neither a text nor a pseudonym."""
_AS_THEY_ARE = re.compile(r"(?:VARCHAR|BLOB|JSON|UUID|ENUM|STRUCT|MAP|UNION)\b.*|.*\]", re.DOTALL)


def tables(path: Path) -> Iterator[DecodedPart]:
    """Yield a DuckDB file's names and values, read-only, with nothing spilled to a disk."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": "",
        "threads": 2,
        "preserve_insertion_order": "true",
        "python_enable_replacements": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    with closing(duckdb.connect(str(path), read_only=True, config=config)) as opened:
        close_outside(opened)
        names = [name for (name,) in opened.execute(statement(_SQL, "duckdb_names")).fetchall() if name]
        yield joined("duckdb", [name.encode() for name in names], 0)
        columns = opened.execute(statement(_SQL, "duckdb_columns")).fetchall()
        for (schema, table), described in groupby(columns, key=lambda row: row[:2]):
            yield joined("duckdb", [], 1)
            rows = opened.table(f"{_quoted(schema)}.{_quoted(table)}")
            for _, _, column, kind in described:
                yield from _values(rows, column, kind)


def _values(rows: duckdb.DuckDBPyRelation, column: str, kind: str) -> Iterator[DecodedPart]:
    if _NUMBERS.fullmatch(kind):
        return
    name = _quoted(column)
    chosen = rows.project(name if _AS_THEY_ARE.fullmatch(kind) else f"CAST({name} AS VARCHAR)")
    with chosen.to_arrow_reader(BATCH_ROWS) as batches:
        for batch in batches:
            yield from read("duckdb", batch.columns)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
