"""Write files and folders so that they are there completely or not at all, even after a crash."""

import errno
import os
import shutil
from pathlib import Path

_UNWRITABLE = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EROFS,
    errno.EIO,
    errno.EACCES,
    errno.EPERM,
)


def write_durably(path: Path, data: bytes) -> None:
    """Replace the file at `path` by `data`, readable by its owner only, in one step that survives a power cut."""
    draft = path.with_name(f".{path.name}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    replace_durably(draft, path)


def replace_durably(draft: Path, path: Path) -> None:
    """Let `draft` take the place of `path`, first its content on the disk, then its name.

    `draft` is a file, or a folder whose files are on the disk.
    """
    _to_disk(draft)
    draft.replace(path)
    _to_disk(path.parent)


def make_folder_durably(path: Path) -> None:
    """Make a folder, and those above it that are missing, for its owner only; where there is one nothing changes."""
    if not path.is_dir():
        make_folder_durably(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
        _to_disk(path.parent)


def remove_folder_durably(path: Path) -> None:
    """Remove a folder with all that is in it; killed in between, the folder is there with the rest."""
    if path.is_symlink():
        path.unlink()  # what it leads to is another's
    else:
        shutil.rmtree(path)
    _to_disk(path.parent)


def is_unwritable(error: BaseException) -> bool:
    """Say whether an error is a disk that cannot be written; libraries repeat the system's own words for it."""
    if isinstance(error, OSError):
        return error.errno in _UNWRITABLE
    return any(os.strerror(number) in str(error) for number in _UNWRITABLE)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
