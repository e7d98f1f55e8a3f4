"""Run a job in a process of its own, look at each of its writes before it happens, and end it where that is asked."""

import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from pathlib import Path

from tests.crash.syscalls import Desk, Write, stop_own_writes

Job = Callable[..., int]
"""What a process does; returns its exit code. A function of a module, so that its name can be sent."""

KILL = -1
Verdict = Callable[[int, Write], int]
"""What becomes of the n-th write (from 1): 0 it happens, `KILL` ends the process, else it fails with this error."""

_SECONDS = 120

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.crash.jobs"])


@dataclass
class Ran:
    """What a process did until its end."""

    code: int | None = None
    """Its exit code; minus a signal's number if that ended it."""
    writes: list[Write] = field(default_factory=list)
    """Every write that it was about to make below the home, but for the flow engine's own database and log.

    The last one of a killed process did not happen.
    """
    out: str = ""
    """What it wrote to stdout and stderr."""

    @property
    def killed(self) -> bool:
        """Return whether SIGKILL ended it."""
        return self.code == -signal.SIGKILL


def run(job: Job, *words: object) -> Ran:
    """Run a job to its end, unwatched."""
    with tempfile.NamedTemporaryFile() as out:
        process = _context.Process(target=_tells, args=(out.name, job, words))
        process.start()
        process.join(_SECONDS)
        return Ran(_ended(process), out=Path(out.name).read_text("utf-8", errors="replace"))


def run_watched(root: Path, verdict: Verdict, job: Job, *words: object) -> Ran:
    """Run a job; each write below `root` waits for its verdict."""
    ours, theirs = _context.Pipe()
    ran = Ran()
    with tempfile.NamedTemporaryFile() as out:
        process = _context.Process(target=_watched, args=(theirs, out.name, job, words))
        process.start()
        theirs.close()
        desk = Desk(recv_handle(ours))
        try:
            while process.sentinel not in (
                ready := multiprocessing.connection.wait([desk.descriptor, process.sentinel], _SECONDS)
            ):
                assert ready, "the process does not go on"
                _judge(desk, root, verdict, ran, process.pid)
        finally:
            os.close(desk.descriptor)  # whatever still waits fails
            ours.close()
        ran.code = _ended(process)
        ran.out = Path(out.name).read_text("utf-8", errors="replace")
    return ran


def _judge(desk: Desk, root: Path, verdict: Verdict, ran: Ran, pid: int | None) -> None:
    asked = desk.next()
    if asked is None:
        return
    path = Path(asked.write.path)
    error = 0
    if path.is_relative_to(root) and not path.is_relative_to(root / "prefect"):
        ran.writes.append(asked.write)
        error = verdict(len(ran.writes), asked.write)
    if error == KILL:
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
    else:
        desk.answer(asked, error)


def _ended(process: multiprocessing.process.BaseProcess) -> int:
    process.join(_SECONDS)
    if process.exitcode is None:
        process.kill()
        process.join()
    assert process.exitcode is not None
    return process.exitcode


def _tells(out: str, job: Job, words: tuple[object, ...]) -> None:
    descriptor = os.open(out, os.O_WRONLY)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    sys.exit(job(*words))


def _watched(pipe: Connection, out: str, job: Job, words: tuple[object, ...]) -> None:
    send_handle(pipe, stop_own_writes(), os.getpid())
    _tells(out, job, words)
