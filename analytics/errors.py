"""All errors of our own: one class per kind, each with an exit code.

A message says what was asked and what is allowed; `action` says what to do. Neither ever holds a value of
a person: rules, columns, counts, dates and public names only.
"""

from typing import Any, ClassVar


class MurmurationError(Exception):
    """Base of all refusals; `exit_code` is the command line's, `name` a stable word for scripts."""

    exit_code: ClassVar[int] = 1
    name: ClassVar[str] = "unforeseen"

    def __init__(self, message: str, action: str) -> None:
        """Keep the sentence and what to do next."""
        super().__init__(message)
        self.message = message
        self.action = action

    def as_json(self) -> dict[str, Any]:
        """Return the error as `--json` prints it; `code` is the exit code."""
        return {"code": self.exit_code, "name": self.name, "message": self.message, "action": self.action}


class UnforeseenError(MurmurationError):
    """An unexpected error; its own text may quote data, so it is not shown."""


class UsageError(MurmurationError):
    """The arguments of the command make no sense together."""

    exit_code = 2
    name = "usage"


class PeriodNotClosedError(MurmurationError):
    """Somebody asked for a draw before the period's grace was over, or ahead of the clock."""

    exit_code = 2
    name = "period_not_closed"


class EntriesPurgedError(MurmurationError):
    """The entries of the requested period were deleted because of their age; a draw would count almost nobody."""

    exit_code = 2
    name = "entries_purged"


class ContractRefusedError(MurmurationError):
    """A file of `contracts/` has a mistake in it."""

    exit_code = 3
    name = "contract_refused"

    def __init__(self, file: str, path: str, reason: str) -> None:
        """Name the file, the path inside it and the reason."""
        where = f"{file}: {path}" if path else file
        super().__init__(f"{where}: {reason}", f"Correct {file} and run the command again.")


class FileRefusedError(MurmurationError):
    """A file as a whole is refused: for its header, container or declaration, never for its rows."""

    exit_code = 3
    name = "file_refused"


class BudgetRefusedError(MurmurationError):
    """A draw would pass a cap; nothing was read and nothing was drawn."""

    exit_code = 4
    name = "budget_refused"


class StillThereError(MurmurationError):
    """A search of the home found something that should be erased."""

    exit_code = 5
    name = "still_there"


class NotVerifiedError(MurmurationError):
    """`verify` or `audit` found a difference, or a check failed."""

    exit_code = 5
    name = "not_verified"


class StoreLockedError(MurmurationError):
    """Another process holds the home's lock, or has the vault or the ledger open."""

    exit_code = 10
    name = "store_locked"


class StoreDamagedError(MurmurationError):
    """A store is missing, altered, or not in a form that any version of this program wrote."""

    exit_code = 11
    name = "store_damaged"


class StoreBehindError(MurmurationError):
    """A store is older than another one has recorded: somebody restored an old copy."""

    exit_code = 12
    name = "store_behind"


class StoreTooNewError(MurmurationError):
    """A newer version of this program wrote a store."""

    exit_code = 13
    name = "store_too_new"


class StoreUnwritableError(MurmurationError):
    """The home cannot be written: a full or failing disk, or missing rights. What was committed stays."""

    exit_code = 14
    name = "store_unwritable"
