"""Files line by line, however long a line may be."""

from collections.abc import Iterator
from pathlib import Path

from analytics.vault.readers.shared.rows import RowRefusedError
from analytics.vault.validation.rule_names import RuleName

LINE_BYTES = 256 * 1024
"""A longer line is refused as a row; it is skipped without being held in memory."""


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes | RowRefusedError]]:
    """Yield (line from 1, its bytes without the line end) of every line that is not blank."""
    with path.open("rb") as file:
        number = 0
        while data := file.readline(LINE_BYTES + 1):
            number += 1
            if len(data) > LINE_BYTES and not data.endswith(b"\n"):
                while data and not data.endswith(b"\n"):
                    data = file.readline(LINE_BYTES + 1)
                yield number, RowRefusedError(RuleName.LINE_TOO_LONG)
            elif data.strip():
                yield number, data.rstrip(b"\r\n")
