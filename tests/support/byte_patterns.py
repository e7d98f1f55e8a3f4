"""The patterns of the residue search in tests, and the spellings of a text."""

import csv
import html
import io
import json
import pickle
import unicodedata
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

from analytics.vault.residue import BytePatterns, search
from tests.support.people import CANARY

TEXT = f"{CANARY}: “Zoë's\" <night> & day/50% \\ 😀"
PLAIN = f"{CANARY}-0042"
SECRET = bytes.fromhex("00c27f5cb2417822e94127d80aff3d91")
PATTERNS = BytePatterns.of([TEXT, PLAIN], [SECRET])


def layers(root: Path, patterns: BytePatterns = PATTERNS) -> set[str]:
    """Return the layers in which a folder holds a pattern."""
    return {found.layer for found in search(root, patterns).found}


def doubled(text: str) -> str:
    """Return a text as a CSV field."""
    file = io.StringIO()
    csv.writer(file).writerow([text])
    return file.getvalue()


SPELLINGS: dict[str, Callable[[str], bytes]] = {
    "as given": str.encode,
    "in other case": lambda text: text.swapcase().encode(),
    "in capitals": lambda text: text.upper().encode(),
    "normalised": lambda text: unicodedata.normalize("NFC", text).encode(),
    "decomposed": lambda text: unicodedata.normalize("NFD", text).encode(),
    "compatible": lambda text: unicodedata.normalize("NFKC", text).encode(),
    "UTF-16, small end first": lambda text: text.encode("utf-16-le"),
    "UTF-16, large end first": lambda text: text.encode("utf-16-be"),
    "JSON": lambda text: json.dumps(text).encode(),
    "JSON in capitals": lambda text: json.dumps(text).replace("\\ud83d", "\\uD83D").encode(),
    "JSON beyond ASCII": lambda text: json.dumps(text, ensure_ascii=False).encode(),
    "JSON with escaped slashes": lambda text: json.dumps(text).replace("/", "\\/").encode(),
    "JSON with all escaped": lambda text: "".join(f"\\u{unit:04x}" for unit in utf_16(text)).encode(),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)).encode(),
    "an address": lambda text: quote(text, safe="").encode(),
    "an address with slashes": lambda text: quote(text).encode(),
    "a form": lambda text: quote_plus(text).encode(),
    "HTML": lambda text: html.escape(text).encode(),
    "HTML with plain quotes": lambda text: html.escape(text, quote=False).encode(),
    "HTML in ASCII": lambda text: html.escape(text).encode("ascii", "xmlcharrefreplace"),
    "CSV": lambda text: doubled(text).encode(),
    "SQL": lambda text: text.replace("'", "''").encode(),
    "Python": lambda text: repr(text).encode(),
    "Python in ASCII": lambda text: ascii(text).encode(),
    "Python's bytes": lambda text: repr(text.encode()).encode(),
    "hex": lambda text: text.encode().hex().encode(),
    "a pickle": pickle.dumps,
}


def utf_16(text: str) -> list[int]:
    """Return a text's units of 16 bits."""
    data = text.encode("utf-16-be")
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]
