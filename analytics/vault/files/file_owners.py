"""File owners: the map of files to people that `--people` names. In the inbox, the enclosing folder names the owner."""

import csv
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from analytics.errors import FileRefusedError, UsageError

_COLUMNS = ["file", "person_id"]


@dataclass(frozen=True)
class FileOwners:
    """The owner of each file, by a map of files to people."""

    _by_path: dict[Path, str] = field(repr=False)

    def of(self, path: Path) -> str:
        """Return the person_id of the owner of the file at `path`.

        Raises:
            UsageError: if the map does not name it.
        """
        person = self._by_path.get(path.resolve())
        if person is None:
            message = "The map of --people does not name every file of this command."
            raise UsageError(message, "Add a line `file,person_id` for each; paths are relative to the map's folder.")
        return person


def read_file_owners(path: Path) -> FileOwners:
    """Read a map: `file, person_id`, comma-separated, paths relative to the map's own folder.

    Raises:
        FileRefusedError: if it cannot be read, or names a file twice for different people.
    """
    rows: list[list[str]] = []
    with suppress(OSError, UnicodeDecodeError, csv.Error):
        rows = list(csv.reader(path.read_text("utf-8-sig").splitlines(), strict=True))
    if not rows or [name.strip() for name in rows[0]] != _COLUMNS:
        message = "The map of --people cannot be read as a CSV file with the columns file, person_id."
        raise FileRefusedError(message, "Write it in UTF-8 with that header line.")
    owners: dict[Path, str] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        file, person = (cell.strip() for cell in row) if len(row) == len(_COLUMNS) else ("", "")
        if not file or not person or "\x00" in file + person:
            message = f"Line {number} of the map of --people does not name a file and a person."
            raise FileRefusedError(message, "Write two fields: file, person_id.")
        place = (path.parent / file).resolve()
        if owners.setdefault(place, person) != person:
            message = f"Line {number} of the map of --people gives a file to a second person."
            raise FileRefusedError(message, "Name each file once.")
    return FileOwners(owners)
