"""The edges at which errors end: ours pass on as they are, others lose their text, which may quote data.

One idiom everywhere: a library's error is suppressed (`contextlib.suppress`, or `Translate` if its kind decides), the
result is checked, and an error of ours is raised outside. Raised inside an `except` block it would carry the library's
text along as its `__context__`, into a log, a traceback or a pickle.
"""

import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Self

from analytics.durable import is_unwritable
from analytics.errors import MurmurationError, StoreUnwritableError, UnforeseenError


class Translate:
    """A `with` block that suppresses a library's errors and keeps ours in their place, to be raised after it.

    Nothing of the library's error is kept, neither its text nor the frames that it came through.
    """

    error: MurmurationError
    """Ours; there is none where the block succeeded."""

    def __init__(
        self, kinds: tuple[type[BaseException], ...], ours: Callable[[BaseException], MurmurationError | None]
    ) -> None:
        """Translate errors of `kinds` by `ours`; one for which it returns None is not suppressed."""
        self._kinds = kinds
        self._ours = ours

    def __enter__(self) -> Self:
        """Begin to watch."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        """Suppress an error that has a translation."""
        ours = self._ours(error) if isinstance(error, self._kinds) else None
        if ours is not None:
            self.error = ours
        return ours is not None


class Guard:
    """A `with` block whose errors are kept instead of raised; what follows it has no `__context__`."""

    def __init__(self) -> None:
        """Begin without an error."""
        self.error: MurmurationError | None = None
        self.source_lines: list[str] = []
        """Where the error came from, for `--debug`: source text only, no value."""

    def __enter__(self) -> Self:
        """Begin to watch."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Keep an error; interrupts and exits pass."""
        if not isinstance(error, Exception):
            return False
        self.source_lines = traceback.format_list(traceback.extract_tb(trace))
        if isinstance(error, MurmurationError):
            error.__context__ = error.__cause__ = None
            self.error = error.with_traceback(None)
        elif is_unwritable(error):
            message = (
                "The home cannot be written: the disk is full or fails, or you lack permission. Finished steps stay."
            )
            self.error = StoreUnwritableError(
                message, "Make room or correct the permissions, then run the command again."
            )
        else:
            message = (
                f"An unexpected error happened ({type(error).__name__}). Its text is not shown: it may quote data."
            )
            self.error = UnforeseenError(
                message, "Run the command again; if it fails again, add --debug and report it."
            )
        return True


def worst(errors: list[MurmurationError]) -> MurmurationError | None:
    """Return the error whose exit code the command ends with: an unforeseen one, else the greatest code's first."""
    return max(errors, key=lambda error: (error.exit_code == 1, error.exit_code), default=None)
