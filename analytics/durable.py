"""Files that are there whole or not at all, whatever happens."""

import os
from pathlib import Path


def write_durably(path: Path, data: bytes) -> None:
    """Replace the file at `path` by `data`, readable by its owner only, in one step that survives a power cut."""
    draft = path.with_name(f".{path.name}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    replace_durably(draft, path)


def replace_durably(draft: Path, path: Path) -> None:
    """Let the file `draft`, which is on the disk, take the place of `path`, and see that onto the disk too."""
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
