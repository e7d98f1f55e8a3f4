"""One spelling for everything that is hashed."""

import hashlib
import json


def canonical_json(value: object) -> str:
    """Return the one JSON text of `value`: sorted keys, no blanks, plain ASCII, no NaN.

    Raises:
        ValueError: if `value` holds a NaN or an infinity.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def sha256_hex(data: bytes | str) -> str:
    """Return the SHA-256 of `data` (text as UTF-8) in hexadecimal."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()
