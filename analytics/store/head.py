"""The ledger's head, kept outside its database: a ledger that lacks the entry named by the head is an old copy."""

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from analytics.canonical import canonical_json
from analytics.durable import write_durably
from analytics.errors import StoreDamagedError


@dataclass(frozen=True)
class Head:
    """The last entry that the home knows of, and the database file as it was then."""

    sequence: int
    hash: str
    file_sha256: str


def read_head(path: Path) -> Head:
    """Return the head.

    Raises:
        StoreDamagedError: if it is absent or not in its one spelling.
    """
    with suppress(OSError, ValueError, TypeError, RecursionError):
        text = path.read_text("ascii")
        head = Head(**json.loads(text))
        if text == _text(head) and type(head.sequence) is int and head.sequence >= 0:
            return head
    message = "The ledger's head (secret/ledger_head.json) is missing or altered."
    raise StoreDamagedError(message, "Restore it together with the ledger, both from the same backup.")


def write_head(path: Path, head: Head) -> None:
    """Replace the head: whatever happens, either the old or the new one is on the disk."""
    write_durably(path, _text(head).encode())


def _text(head: Head) -> str:
    return canonical_json({"sequence": head.sequence, "hash": head.hash, "file_sha256": head.file_sha256}) + "\n"
