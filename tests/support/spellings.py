"""The ways in which a text may be written in bytes."""

import base64
import binascii
import re


def spellings(content: bytes) -> bytes:
    """Return `content`, what of it is base64 decoded, and the same as UTF-16 read as bytes."""
    decoded = []
    for found in re.findall(rb"[A-Za-z0-9+/=_-]{24,}", content):
        try:
            decoded.append(base64.b64decode(found.replace(b"-", b"+").replace(b"_", b"/") + b"==="))
        except binascii.Error:
            continue
    return b"\n".join([content, content.replace(b"\x00", b""), *decoded]).lower()
