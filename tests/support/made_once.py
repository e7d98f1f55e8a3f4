"""New vaults and homes, each made once in a process and then copied: making one takes far longer than its bytes."""

import functools
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from analytics.home import Home
from analytics.make_home import init_home
from analytics.vault.open_database import open_vault


class _Kept(NamedTuple):
    """A file or a folder, relative to where it was made."""

    path: str
    mode: int
    content: bytes | None
    """Of a file."""


def new_home(root: Path, plan: str, start: date) -> Home:
    """Return a home as `init` makes it; all of one plan and start have the same key."""
    _write(root, _home(plan, start))
    return Home(root)


def new_vault(path: Path, list_path: Path) -> None:
    """Put a vault that nobody is in at `path`, and its list beside it where there is none."""
    vault, withdrawn = _vault()
    _write(path.parent, [vault._replace(path=path.name)])
    if not list_path.exists():
        _write(list_path.parent, [withdrawn._replace(path=list_path.name)])


@functools.cache
def _home(plan: str, start: date) -> tuple[_Kept, ...]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "home"
        init_home(root, plan, start)
        return _kept(root, [root, *sorted(root.rglob("*"))])


@functools.cache
def _vault() -> tuple[_Kept, ...]:
    with tempfile.TemporaryDirectory() as folder:
        path, list_path = Path(folder) / "vault", Path(folder) / "withdrawn"
        with open_vault(path, list_path):
            pass
        return _kept(path.parent, [path, list_path])


def _kept(root: Path, paths: Iterable[Path]) -> tuple[_Kept, ...]:
    return tuple(
        _Kept(str(path.relative_to(root)), path.stat().st_mode, path.read_bytes() if path.is_file() else None)
        for path in paths
    )


def _write(root: Path, kept: Iterable[_Kept]) -> None:
    for path, mode, content in kept:
        if content is None:
            (root / path).mkdir(parents=True, exist_ok=True)
        else:
            (root / path).write_bytes(content)
        (root / path).chmod(mode)
