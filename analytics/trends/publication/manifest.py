"""`current.json` and `manifest.json`: which releases are published, with which files, made by which renderer.

current.json    the ledger's head, and each release with its folder and its manifest's hash
manifest.json   each file's hash, the renderer's number, and the ledger's entry
"""

import json
from typing import Literal

from analytics.stored_json import Stored

CURRENT, MANIFEST = "current.json", "manifest.json"

FORMAT = 1
"""The format of `current.json`, `manifest.json` and `card.json` that this program reads and writes."""

FIRST_RENDERER = 1
"""The renderer of files whose manifest names none."""


class PublishedHead(Stored):
    """The ledger's newest entry, as of the last publish."""

    sequence: int
    """0 when nothing is released."""
    hash: str


class ListedRelease(Stored):
    """One release in `current.json`."""

    product: str
    period: str
    revision: int
    folder: str
    """Below the published folder."""
    manifest_sha256: str


class Current(Stored):
    """`current.json`."""

    format: Literal[1]
    head: PublishedHead
    releases: tuple[ListedRelease, ...]


class Manifest(Stored):
    """`manifest.json`, as far as a reader of the files needs it."""

    format: Literal[1]
    renderer: int = FIRST_RENDERER
    """The number of the program's wording and columns that made the files."""
    files: dict[str, str]
    """SHA-256 by file name."""


def json_bytes(value: object) -> bytes:
    """Return JSON as it is published: one key a line, plain ASCII, no NaN."""
    return (json.dumps(value, indent=1, ensure_ascii=True, allow_nan=False) + "\n").encode()
