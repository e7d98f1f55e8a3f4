"""SQL is read from `.sql` files beside the code that runs it: one statement each."""

from functools import cache
from pathlib import Path


@cache
def statement(folder: Path, name: str) -> str:
    """Return the statement `name` of `folder` (without `.sql`)."""
    return (folder / f"{name}.sql").read_text("utf-8")
