"""Decoded parts, and the bounds of all decoding."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO

MEMBER_BYTES = 256 * 1024 * 1024
"""The most that one packed member is unpacked to: a bomb ends here, and counts as unread."""
READ_BYTES = 1024 * 1024
SEPARATOR = b"\x1e"
"""Separates values that are searched together; in no alphabet of base64 or hex, and no letter."""


@dataclass
class DecodedPart:
    """Something decoded, to be searched in turn."""

    kind: str
    stream: IO[bytes] = field(repr=False)
    count: int = 1
    """How many members, runs or tables it counts for."""
    own: bool = True
    """It may be of a packed kind itself; otherwise it joins several values, and has no beginning of its own."""
    whole: bool = True
    """It was decoded to its end."""


def joined(kind: str, values: list[bytes], count: int) -> DecodedPart:
    """Return one part of several values."""
    return DecodedPart(kind, io.BytesIO(SEPARATOR.join(values)), count, own=False)


def unpacked(kind: str, read: Callable[[int], bytes], errors: tuple[type[Exception], ...]) -> DecodedPart:
    """Return what `read` gives, up to its end, its first error or the bound, whichever is first."""
    kept = io.BytesIO()
    whole = True
    try:
        while data := read(READ_BYTES):
            if kept.tell() + len(data) > MEMBER_BYTES:
                whole = False
                break
            kept.write(data)
    except errors:
        whole = False  # what came before is searched all the same
    kept.seek(0)
    return DecodedPart(kind, kept, whole=whole)


def size(stream: IO[bytes]) -> int:
    """Return how many bytes a stream has."""
    return stream.seek(0, io.SEEK_END)


Decoder = Callable[[IO[bytes]], Iterator[DecodedPart]]
