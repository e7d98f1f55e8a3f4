"""Every change of a file that a process is about to make, seen by the kernel before it happens.

A filter (seccomp user notification, Linux 5.5 and later) stops each system call that changes a file, in every thread
and whoever makes it: Python, SQLite, DuckDB. Another process sees it, and says whether it may go on. So a kill
between two writes is exactly that, inside a COMMIT too, and no list of statements grows old. Needs no right of root.
"""

import ctypes
import errno
import fcntl
import os
import platform
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

_SIZES = struct.Struct("=HHH")
_ASKED = struct.Struct("=QIIiIQ6Q")
"""Id, thread, flags, number, architecture, instruction, six arguments."""
_ANSWER = struct.Struct("=QqiI")
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_CONTINUE = 1
_SECCOMP, _PRCTL_NO_NEW_PRIVS = 317, 38
_SET_FILTER, _NEW_LISTENER, _GET_SIZES = 1, 8, 3
_X86_64 = 0xC000003E
_ALLOW, _NOTIFY = 0x7FFF0000, 0x7FC00000
_LOAD, _IF_EQUAL, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _THIRD_ARGUMENT_AT = 0, 4, 32

_BY_FILE = {1: "write", 18: "write", 20: "write", 40: "write", 296: "write", 326: "write", 328: "write",
            74: "sync", 75: "sync", 77: "truncate", 91: "chmod", 285: "allocate"}  # fmt: skip
"""Calls of an open file: its descriptor is the first argument, but for `copy_file_range`."""
_BY_PATH = {76: (0,), 82: (0, 1), 83: (0,), 84: (0,), 86: (0, 1), 87: (0,), 88: (1,), 90: (0,), 132: (0,), 235: (0,)}
"""Calls of a path, and which arguments are paths; of two paths the last is reported, the place of the new."""
_BY_FOLDER = {258: (0,), 263: (0,), 264: (0, 2), 265: (0, 2), 266: (1,), 268: (0,), 280: (0,), 316: (0, 2), 452: (0,)}
"""Calls of a path below a folder: which arguments are folders; the path follows each."""
_NAMES = {76: "truncate", 82: "rename", 83: "mkdir", 84: "rmdir", 86: "link", 87: "unlink", 88: "link", 90: "chmod",
          132: "utime", 235: "utime", 258: "mkdir", 263: "unlink", 264: "rename", 265: "link", 266: "link",
          268: "chmod", 280: "utime", 316: "rename", 452: "chmod"}  # fmt: skip
_OPEN_AT, _COPY_RANGE = 257, 326
_OPENING = os.O_CREAT | os.O_TRUNC

MAKING = frozenset({"write", "truncate", "allocate", "open", "mkdir", "link", "rename"})
"""The kinds that need room on the disk."""

CHANGING = MAKING | {"unlink", "rmdir", "chmod", "utime"}
"""All kinds that change a file or a folder; a `sync` changes nothing that a kill could lose."""


def can_watch() -> bool:
    """Return whether this machine can stop system calls so."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return False
    sizes = ctypes.create_string_buffer(_SIZES.size)
    return _syscall(_SECCOMP, _GET_SIZES, 0, sizes) == 0 and _SIZES.unpack(sizes.raw)[:2] == (80, 24)


@dataclass(frozen=True)
class Write:
    """One change of a file that a process is about to make."""

    kind: str
    """`write`, `truncate`, `allocate`, `open` (made or emptied), `mkdir`, `link`, `rename`, `unlink`, `rmdir`,
    `chmod`, `utime`; or `sync`."""
    path: str
    """The file; of a renaming its new name."""
    from_path: str = ""
    """Of a renaming its old name."""

    @property
    def changes(self) -> bool:
        """Return whether a file or folder is another one afterwards."""
        return self.kind in CHANGING


def stop_own_writes() -> int:
    """Let this process, and all that it starts, ask before every change of a file; return where it asks.

    The descriptor must reach another process before the next change: until it is answered, the process waits.

    Raises:
        OSError: if the system does not let it.
    """
    watched = [*_BY_FILE, *_NAMES]
    program = b"".join(
        struct.pack("=HBBI", *step)
        for step in [
            (_LOAD, 0, 0, _ARCHITECTURE_AT),
            (_IF_EQUAL, 1, 0, _X86_64),
            (_RETURN, 0, 0, _ALLOW),
            (_LOAD, 0, 0, _NUMBER_AT),
            *((_IF_EQUAL, len(watched) - place + 3, 0, number) for place, number in enumerate(watched)),
            (_IF_EQUAL, 0, 2, _OPEN_AT),
            (_LOAD, 0, 0, _THIRD_ARGUMENT_AT),
            (_IF_ANY_BIT, 1, 0, _OPENING),
            (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, _NOTIFY),
        ]
    )
    steps = ctypes.create_string_buffer(program, len(program))
    filter_ = ctypes.create_string_buffer(struct.pack("=HxxxxxxQ", len(program) // 8, ctypes.addressof(steps)))
    if ctypes.CDLL(None, use_errno=True).prctl(_PRCTL_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    asks = _syscall(_SECCOMP, _SET_FILTER, _NEW_LISTENER, filter_)
    if asks < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return asks


@dataclass(frozen=True)
class Asked:
    """A system call that waits until it is answered."""

    number: int
    thread: int
    write: Write


class Desk:
    """Where the calls of one process are answered."""

    def __init__(self, descriptor: int) -> None:
        """Take what `stop_own_writes` returned in the other process."""
        self.descriptor = descriptor

    def next(self) -> Asked | None:
        """Return the next call; None if its process has ended meanwhile."""
        buffer = bytearray(_ASKED.size)
        try:
            fcntl.ioctl(self.descriptor, _RECEIVE, buffer)
            number, thread, _, call, _, _, *arguments = _ASKED.unpack(buffer)
            return Asked(number, thread, _described(thread, call, arguments))
        except OSError:  # the process, or the thread, is gone
            return None

    def answer(self, asked: Asked, error: int = 0) -> None:
        """Let a call go on, or fail with an error number without having been made."""
        answer = _ANSWER.pack(asked.number, 0, -error, 0 if error else _CONTINUE)
        try:
            fcntl.ioctl(self.descriptor, _SEND, answer)
        except OSError as gone:
            if gone.errno != errno.ENOENT:
                raise


def _described(thread: int, call: int, arguments: list[int]) -> Write:
    if call in _BY_FILE:
        descriptor = arguments[2 if call == _COPY_RANGE else 0]
        return Write(_BY_FILE[call], str(Path(f"/proc/{thread}/fd/{descriptor & 0xFFFFFFFF}").readlink()))
    if call == _OPEN_AT:
        return Write("open", _path(thread, arguments[0], arguments[1]))
    if call in _BY_PATH:
        paths = [_path(thread, None, arguments[place]) for place in _BY_PATH[call]]
    else:
        paths = [_path(thread, arguments[place], arguments[place + 1]) for place in _BY_FOLDER[call]]
    return Write(_NAMES[call], paths[-1], paths[0] if len(paths) > 1 else "")


def _path(thread: int, folder: int | None, address: int) -> str:
    here = folder is None or folder & 0xFFFFFFFF == 0xFFFFFF9C  # AT_FDCWD
    base = Path(f"/proc/{thread}/cwd" if here else f"/proc/{thread}/fd/{folder}").readlink()
    if not address:  # `utimensat` of an open file
        return str(base)
    with open(f"/proc/{thread}/mem", "rb", buffering=0) as memory:  # noqa: PTH123 -- no file of a folder
        memory.seek(address)
        text = memory.read(4096 - address % 4096)
        if b"\0" not in text:
            text += memory.read(4096)
    return str(base / os.fsdecode(text.partition(b"\0")[0]))


def _syscall(*words: object) -> int:
    return int(ctypes.CDLL(None, use_errno=True).syscall(*words))
