"""Where nothing of an invented person may be left: what a home holds beyond its personal folders, and temporary files.

A home is a folder with `home.json`. Persons belong into its `inbox/` and `vault/`; whatever else is in it, by
name or content, tells of none. What a test writes beside a home is its own input. In the temporary folder of all tests,
and new in the working folder, nothing that tells of a person may be left at all.
"""

import base64
import binascii
import os
import re
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from tests.support import people

PERSONAL = frozenset({"inbox", "vault"})
"""The folders of a home in which rows of persons are."""

_WORD = people.CANARY.casefold().encode()

_DIGITS = re.compile(rb"[A-Za-z0-9+/=_-]{8,}")
"""A run that may be base64 and long enough to spell the word."""

_DEPTH = 2
"""How deep below its own folder a test makes its home."""

_OF_THE_TOOLS = frozenset({".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", "__pycache__"})


def tells(content: bytes) -> bool:
    """Say whether bytes name an invented person: in any case, as UTF-16, or in base64 at any alignment."""
    folded = content.lower()
    if _WORD in folded or (b"\x00" in content and _WORD in folded.replace(b"\x00", b"")):
        return True
    return any(_WORD in decoded.lower() for decoded in _decoded(content))


def _decoded(content: bytes) -> Iterator[bytes]:
    for found in _DIGITS.findall(content):
        digits = found.replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
        for start in range(4):
            part = digits[start:]
            part = part[:-1] if len(part) % 4 == 1 else part  # one digit alone is no byte
            try:
                yield base64.b64decode(part + b"=" * (-len(part) % 4))
            except binascii.Error:
                continue


def file_tells(path: Path) -> bool:
    """Say whether a file does, as it is, or row by row where it packs its rows."""
    content = path.read_bytes()
    if tells(content):
        return True
    if content.startswith(b"SQLite format 3\x00"):
        return tells(_rows_of_sqlite(path))
    return content.startswith(b"PAR1") and tells(repr(pl.read_parquet(path).rows()).encode())


def _rows_of_sqlite(path: Path) -> bytes:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [row for table in tables for row in database.execute(f'SELECT * FROM "{table}"')]  # noqa: S608 -- its own names
    database.close()
    return repr(rows).encode()


def homes_below(folder: Path, depth: int = _DEPTH) -> Iterator[Path]:
    """Yield the homes in a folder."""
    if (folder / "home.json").is_file():
        yield folder
    elif depth:
        with os.scandir(folder) as entries:
            inner = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        for path in inner:
            yield from homes_below(Path(path), depth - 1)


class Watch:
    """Looks at each file once, as long as it does not change."""

    def __init__(self, temporary: Path, working: Path) -> None:
        """Begin to watch; what is in the working folder now is not the tests'."""
        self.temporary = temporary
        self.made: list[Path] = []
        """Folders that tests were given since they were last looked at."""
        self.shared: list[Path] = []
        """Folders of the running module, which later tests may have changed."""
        self._working = working
        self._before = self._names()
        self._seen: dict[str, tuple[int, int]] = {}

    def _names(self) -> set[str]:
        return {name for name in os.listdir(self._working) if name not in _OF_THE_TOOLS}  # noqa: PTH208 -- names only

    def temporary_leaks(self) -> list[str]:
        """Return what is left in the temporary folder, or new in the working folder, and tells of a person."""
        found = ["the temporary folder" for path in self._files(self.temporary) if self._leaks(path, path.name)]
        for name in self._names() - self._before:
            path = self._working / name
            files = [path] if path.is_file() else list(self._files(path))
            found += ["the working folder" for file in files if self._leaks(file, file.name)]
        return found

    def home_leaks(self, folders: list[Path]) -> list[str]:
        """Return what tells of a person where a home must not, by its first folder, which names nobody."""
        found = []
        for home in (home for folder in folders if folder.is_dir() for home in homes_below(folder)):
            for path in self._files(home, besides=PERSONAL):
                inside = path.relative_to(home)
                if self._leaks(path, str(inside)):
                    found.append(f"{inside.parts[0]}/" if len(inside.parts) > 1 else "the home")
        return found

    def _leaks(self, path: Path, name: str) -> bool:
        try:
            status = path.stat()
        except FileNotFoundError:  # a server's, which is gone by now
            return False
        if not stat.S_ISREG(status.st_mode):  # a socket of a server that tests fork from has no bytes
            return tells(os.fsencode(name))
        state = status.st_size, status.st_mtime_ns
        if self._seen.get(str(path)) == state:
            return False
        self._seen[str(path)] = state
        return tells(os.fsencode(name)) or file_tells(path)

    @staticmethod
    def _files(folder: Path, besides: frozenset[str] = frozenset()) -> Iterator[Path]:
        for place, folders, files in os.walk(folder):
            if Path(place) == folder:
                folders[:] = [name for name in folders if name not in besides]
            yield from (Path(place) / name for name in files if not (Path(place) / name).is_symlink())
