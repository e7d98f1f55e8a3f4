"""Runs of base64 or hex digits, and escaped text, anywhere in other bytes."""

import binascii
import io
import re
from collections.abc import Iterator

import numpy as np

from analytics.vault.residue.parts import DecodedPart, joined

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_DIGIT = bytes(byte in _ALPHABET for byte in range(0x100))
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_HOLDING = _ALPHABET + b"\r\n\\="
_ALL_DIGITS = 0x0101_0101_0101_0101

# A run, also broken over lines as in mail and PEM, with line ends as they are or as JSON writes them.
_BREAK = rb"(?:\r?\n[ \t]*|(?:\\r)?\\n)"
_HEAD = re.compile(rb"[A-Za-z0-9+/_-]{24}")
_RUN = re.compile(
    rb"[A-Za-z0-9+/_-]{24,}(?:" + _BREAK + rb"[A-Za-z0-9+/_-]{24,})*(?:" + _BREAK + rb"[A-Za-z0-9+/_-]{1,23})?"
)
_LEAST = 24
RUN_BYTES = 64 * 1024 * 1024
"""The longest run that is kept whole; a longer one is decoded in pieces, which cannot be unpacked, and
its file counts as unread."""
_DIGITS_ALONE = re.compile(rb"[A-Za-z0-9+/_-]{8,}={0,2}")
_HEX = re.compile(rb"[0-9A-Fa-f]{32,}")
_HEX_ESCAPED = re.compile(rb"\\x[0-9A-Fa-f]{2}\\x[0-9A-Fa-f]{2}(?:\\x[0-9A-Fa-f]{2}){6,}")
_LONG = 512
"""Decoded runs from here on may be packed texts of their own; shorter ones are searched many at a time."""

_JSON_CODE = re.compile(rb"\\u[0-9A-Fa-f]{4}")
_JSON_ANY = re.compile(rb'\\["\\/nrt]')
_PAIR = rb"\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}"
_JSON = re.compile(rb"(?:" + _PAIR + rb')|\\u[0-9A-Fa-f]{4}|\\["\\/bfnrt]')
_SIMPLE = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}


class EncodedRuns:
    """Finds runs in a stream that comes in chunks; a run over the border of two is kept whole."""

    def __init__(self) -> None:
        """Begin with nothing held."""
        self._held = b""

    def feed(self, chunk: bytes, *, ends: bool) -> Iterator[DecodedPart]:
        """Yield what the runs in the next chunk decode to."""
        data = self._held + chunk
        self._held = b""
        whole = True
        if not ends:
            kept = len(data.rstrip(_HOLDING))
            if len(data) - kept <= RUN_BYTES:
                data, self._held = data[:kept], data[kept:]
            else:
                whole = all(len(run) < RUN_BYTES // 2 for run in _runs(data))
        short: dict[str, list[bytes]] = {"base64": [], "hex": []}
        counts = {"base64": 0, "hex": 0}
        for kind, counted, decoded in _decoded(data):
            counts[kind] += counted
            if len(decoded) < _LONG and not packed(decoded):
                short[kind].append(decoded)
            else:
                yield DecodedPart(kind, io.BytesIO(decoded), 0)
        for kind, values in short.items():
            if values or counts[kind] or not whole:
                part = joined(kind, values, counts[kind])
                part.whole = whole
                yield part


def packed(data: bytes) -> bool:
    """Say whether short bytes begin as something that is packed."""
    return _PACKED.match(data) is not None


_PACKED = re.compile(
    rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]|BZh[1-9][1\x17]|\xfd7zXZ|\x28\xb5\x2f\xfd|\x04\x22\x4d\x18"
    rb"|PK\x03\x04|SQLite format 3|PAR1|ARROW1"
)


def _decoded(data: bytes) -> Iterator[tuple[str, int, bytes]]:
    for run in _runs(data):
        for found in _HEX.finditer(run):
            digits = found[0]
            for shift in (0, 1):
                even = (len(digits) - shift) // 2 * 2
                yield "hex", 1 - shift, binascii.unhexlify(digits[shift : shift + even])
        if b"\\" in run:
            run = run.replace(b"\\r", b"").replace(b"\\n", b"")  # noqa: PLW2901 -- the same run, on one line
        clean = run.translate(_TO_STANDARD, b"\r\n \t")
        # Bytes directly before a run shift its groups of four.
        for shift in range(4):
            decoded = _bytes_of(clean[shift:])
            yield "base64", int(shift == 0), decoded
            while len(decoded) < _LONG and _DIGITS_ALONE.fullmatch(decoded):
                decoded = _bytes_of(decoded.rstrip(b"=").translate(_TO_STANDARD))  # too short to be met as a run
                yield "base64", 1, decoded
    if b"\\x" in data:
        for found in _HEX_ESCAPED.finditer(data):
            yield "hex", 1, binascii.unhexlify(found[0].replace(b"\\x", b""))


def _bytes_of(digits: bytes) -> bytes:
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))


def _runs(data: bytes) -> Iterator[bytes]:
    """Yield runs of at least 24 digits: each of them covers two whole eights, which are fast to see."""
    eights = np.frombuffer(data.translate(_DIGIT), np.uint64, len(data) // 8) == _ALL_DIGITS
    starts = np.flatnonzero(eights[:-1] & eights[1:]) * 8
    end = at = 0
    while at < len(starts):
        start = max(end, int(starts[at]) - 7)
        head = _HEAD.search(data, start, int(starts[at]) + 2 * _LEAST)
        run = _RUN.match(data, head.start()) if head else None
        if run is None:
            at += 1
            continue
        yield run[0]
        end = run.end()
        at = max(at + 1, int(np.searchsorted(starts, end)))


def unescaped(data: bytes) -> DecodedPart | None:
    """Return a text without its JSON escapes, or None if it has none."""
    if _JSON_CODE.search(data) is None and (b"\0" in data or _JSON_ANY.search(data) is None):
        return None
    return DecodedPart("json", io.BytesIO(_JSON.sub(_escaped_character, data)), own=False)


def _escaped_character(found: re.Match[bytes]) -> bytes:
    escape = found[0]
    if escape[1:2] != b"u":
        return _SIMPLE.get(escape[1:], escape[1:])
    units = b"".join(int(code, 16).to_bytes(2, "big") for code in escape.split(b"\\u")[1:])
    return units.decode("utf-16-be", "surrogatepass").encode("utf-8", "surrogatepass")
