"""Every refusal: one class per fact, with an exit code and what to do about it.

A message says what was asked and what is allowed; `action` says what to do. Neither ever holds a value of
a person: rules, columns, counts, dates and public names only.
"""

from typing import ClassVar


class MurmurationError(Exception):
    """Base of all refusals; `exit_code` is the command line's, `name` a stable word for scripts."""

    exit_code: ClassVar[int] = 1
    name: ClassVar[str] = "unforeseen"

    def __init__(self, message: str, action: str) -> None:
        """Keep the sentence and what to do next."""
        super().__init__(message)
        self.message = message
        self.action = action


class UnforeseenError(MurmurationError):
    """Something that no rule foresaw; its own text may quote data, so it is not repeated."""


class UsageError(MurmurationError):
    """The arguments of the command do not make sense together."""

    exit_code = 2
    name = "usage"


class PeriodNotClosedError(MurmurationError):
    """A draw was asked for before the period's grace was over, or ahead of the clock."""

    exit_code = 2
    name = "period_not_closed"


class EntriesPurgedError(MurmurationError):
    """A period was requested of which entries were deleted for their age; a draw would miss nearly everyone."""

    exit_code = 2
    name = "entries_purged"


class ContractRefusedError(MurmurationError):
    """A file of `contracts/` does not say what it must."""

    exit_code = 3
    name = "contract_refused"

    def __init__(self, file: str, path: str, reason: str) -> None:
        """Name the file, the path inside it and the reason."""
        where = f"{file}: {path}" if path else file
        super().__init__(f"{where}: {reason}", f"Correct {file} and run the command again.")


class FileRefusedError(MurmurationError):
    """A file as a whole is refused: header, container or declaration, never for its rows."""

    exit_code = 3
    name = "file_refused"


class BudgetRefusedError(MurmurationError):
    """A draw would pass a cap; nothing was read and nothing was drawn."""

    exit_code = 4
    name = "budget_refused"


class StoreLockedError(MurmurationError):
    """Another process holds the home's lock."""

    exit_code = 5
    name = "store_locked"


class StoreDamagedError(MurmurationError):
    """A store is missing, altered, behind its head, or newer than this program."""

    exit_code = 5
    name = "store_damaged"


class StoreUnwritableError(MurmurationError):
    """The home cannot be written: a full or failing disk, or missing permissions. What was committed is kept."""

    exit_code = 5
    name = "store_unwritable"


class StillThereError(MurmurationError):
    """A search for what should be erased found some of it."""

    exit_code = 5
    name = "still_there"


class NotVerifiedError(MurmurationError):
    """`verify` found something that does not agree."""

    exit_code = 5
    name = "not_verified"
