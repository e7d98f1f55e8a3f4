"""The edge at which errors end: our own pass unchanged; others lose their text, which may quote data."""

import traceback
from types import TracebackType
from typing import Self

from analytics.durable import is_unwritable
from analytics.errors import MurmurationError, StoreUnwritableError, UnforeseenError


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
                "The home cannot be written: the disk is full or failing, or this user has no right to write. "
                "Everything that was committed is kept."
            )
            self.error = StoreUnwritableError(message, "Make room or correct the rights, then run the command again.")
        else:
            message = f"Something unforeseen happened ({type(error).__name__}); its own text may quote data."
            self.error = UnforeseenError(
                message, "Run the command again; if it fails again, add --debug and report it."
            )
        return True


def worst(errors: list[MurmurationError]) -> MurmurationError | None:
    """Return the error whose exit code the command ends with: an unforeseen one, else the greatest code's first."""
    return max(errors, key=lambda error: (error.exit_code == 1, error.exit_code), default=None)
