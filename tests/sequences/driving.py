"""What stands for the flow engine and the noise while sequences run; all else is the program as shipped.

Tasks run in a loop, in their order. Draws have no noise, so that they need no chance; nothing is published after one:
what is published is a function of what was drawn (L8), and the command `publish` does publish. For speed, contracts are
parsed once a text, a vault that has its tables is not told to make them, and DuckDB has one thread.

To be kept in step with the program: how a flow is run (`steps.run_ingest`, `steps.run_release`), what starts the engine
(`commands._engine`), and who reads a vault's settings (`settings_beside`).
"""

import contextlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol
from unittest.mock import patch

from analytics import contracts
from analytics.contracts import columns
from analytics.contracts.reading import read_model
from analytics.release import draw
from analytics.release.noise import loss_nano
from analytics.vault import opening
from analytics.vault.store import Vault
from pipelines import commands, erasing, steps


class _Run(Protocol):
    """What a flow works on: its tasks by their names."""

    def do(self, step: str) -> None:
        """Do one."""

    def forget(self) -> None:
        """Let go of all."""


def _loop(run: _Run, steps_: Iterable[str]) -> None:
    """Run a flow's tasks as the engine does: one that fails does not stop the others, and has left its error."""
    for each in steps_:
        with contextlib.suppress(Exception):
            run.do(each)
    run.forget()


def _run_ingest(run: _Run, parts: Iterable[Any]) -> None:
    _loop(run, (str(getattr(part, "name", part)) for part in parts))


def _run_release(run: _Run, periods: list[str], _today: str) -> None:
    _loop(run, [*periods, "publish"])


_SETTINGS = opening.settings_beside


def _settings_beside(path: Path) -> opening.DuckSettings:
    """Return the vault's settings for few rows: threads cost more than they spare."""
    return {**_SETTINGS(path), "threads": 1}


_RUN = Vault.run


def _run_unless_made(vault: Vault, name: str, parameters: Mapping[str, Any] | None = None) -> None:
    """Run a statement; not those that make tables in a vault that has them: all homes are of one version here."""
    if not name.startswith("schema/") or not vault.rows("format_read"):
        _RUN(vault, name, parameters)


def _exact(exact: list[int], _size: int, d_in: int, sigma: int) -> tuple[tuple[int, ...], int]:
    """Return the cells as they are, at the loss that they would have cost with noise."""
    return tuple(exact), loss_nano(d_in, sigma)


@contextlib.contextmanager
def without_engine_and_noise() -> Iterator[None]:
    """Let commands run here: tasks in a loop, draws without noise, contracts parsed once a text."""
    parse: Callable[..., Any] = read_model
    known: dict[tuple[str, bytes, type], Any] = {}

    def once(path: Path, model: type) -> Any:  # noqa: ANN401 -- as the function that it stands for
        key = (path.name, path.read_bytes() if path.is_file() else b"", model)
        if key not in known:
            known[key] = parse(path, model)
        return known[key]

    with contextlib.ExitStack() as stack:
        stack.enter_context(patch.object(commands, "_engine", lambda *_: contextlib.nullcontext))
        stack.enter_context(patch.object(steps, "run_ingest", _run_ingest))
        stack.enter_context(patch.object(steps, "run_release", _run_release))
        stack.enter_context(patch.object(steps, "rebuild", lambda *_: None))
        stack.enter_context(patch.object(draw, "noisy", _exact))
        stack.enter_context(patch.object(Vault, "run", _run_unless_made))
        for module in (opening, erasing):
            stack.enter_context(patch.object(module, "settings_beside", _settings_beside))
        stack.enter_context(patch.object(contracts, "read_model", once))
        stack.enter_context(patch.object(columns, "read_model", once))
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        yield
