"""The residue search finds a person's text in every spelling."""

import base64
import json
import uuid
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from analytics.vault.residue import BytePatterns, Residue, SearchOutcome, holds_residue
from tests.support.byte_patterns import PATTERNS, PLAIN, SECRET, SPELLINGS, TEXT, layers
from tests.support.people import CANARY


@pytest.mark.parametrize("text", [TEXT, PLAIN], ids=["a phrase", "an id"])
@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_a_text_is_met_in_every_spelling(tmp_path: Path, spelling: Callable[[str], bytes], text: str) -> None:
    """A text is found however it is encoded or escaped."""
    (tmp_path / "file").write_bytes(b"before, " + spelling(text) + b" after")
    assert layers(tmp_path)


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_half_a_text_is_not_a_text(tmp_path: Path, spelling: Callable[[str], bytes]) -> None:
    """The first half of a text is not found, in no spelling."""
    (tmp_path / "file").write_bytes(spelling(PLAIN[:-2]) + b"\n" + spelling(TEXT[: len(TEXT) // 2]))
    assert layers(tmp_path) == set()


def test_latin_1_is_met(tmp_path: Path) -> None:
    """A text that Latin-1 can write is found in Latin-1, and in an address made of it."""
    patterns = BytePatterns.of([f"{CANARY} Zoë"])
    for number, data in enumerate((f"{CANARY} Zoë".encode("latin-1"), f"{CANARY}%20Zo%EB".encode())):
        file = tmp_path / str(number)
        file.write_bytes(data)
        assert holds_residue(file, patterns)


def as_duckdb_writes(secret: bytes) -> str:
    """Return a blob as DuckDB's text."""
    with duckdb.connect() as opened:
        return str(opened.execute("SELECT $1::BLOB::VARCHAR", [secret]).fetchall()[0][0])


NOTATIONS: dict[str, Callable[[bytes], bytes]] = {
    "raw": bytes,
    "hex": lambda secret: secret.hex().encode(),
    "hex in capitals": lambda secret: secret.hex().upper().encode(),
    "escaped hex": lambda secret: "".join(f"\\x{byte:02X}" for byte in secret).encode(),
    "DuckDB's text": lambda secret: as_duckdb_writes(secret).encode(),
    "a UUID": lambda secret: str(uuid.UUID(bytes=secret)).encode(),
    "a number": lambda secret: str(int.from_bytes(secret, "big")).encode(),
    "Python's bytes": lambda secret: repr(secret).encode(),
    "Python's bytes in JSON": lambda secret: json.dumps(repr(secret)).encode(),
    "base64": base64.b64encode,
    "base64 after one byte": lambda secret: base64.b64encode(b"x" + secret + b"y"),
    "base64 after two bytes": lambda secret: base64.b64encode(b"xx" + secret + b"yy"),
    "base64 for addresses": lambda secret: base64.urlsafe_b64encode(b"x" + secret),
}


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=NOTATIONS)
def test_a_secret_is_met_in_every_notation(tmp_path: Path, notation: Callable[[bytes], bytes]) -> None:
    """A pseudonym is found however its bytes are written; another one is not."""
    (tmp_path / "file").write_bytes(b"(" + notation(SECRET) + b")")
    assert layers(tmp_path)
    (tmp_path / "file").write_bytes(b"(" + notation(SECRET[:-1] + b"\0") + b")")
    assert not layers(tmp_path)


@pytest.mark.parametrize("before", range(3))
def test_short_base64_is_met_at_every_alignment(tmp_path: Path, before: int) -> None:
    """Base64 too short to be decoded is found by its own digits, and in its own case only."""
    file = tmp_path / "file"
    patterns = BytePatterns.of([f"{CANARY}7"])
    digits = base64.b64encode(b"x" * before + f"{CANARY}7".encode())
    assert len(digits) < 24
    file.write_bytes(digits)
    assert holds_residue(file, patterns)
    file.write_bytes(digits.swapcase())
    assert not holds_residue(file, patterns)


SHORT = "CAN-7"


@pytest.mark.parametrize("text", ["CAN-7", "id CAN-7.", "(can-7)", "é CAN-7 é", "a,CAN-7\n", "\xa0CAN-7\xa0", "CAN-7…"])
def test_a_short_id_is_met_as_a_word(tmp_path: Path, text: str) -> None:
    """A short id is found where it is alone, in one byte a letter or two."""
    for number, encoding in enumerate(("utf-8", "utf-16-le", "utf-16-be")):
        file = tmp_path / str(number)
        file.write_bytes(text.encode(encoding))
        assert holds_residue(file, BytePatterns.of([SHORT]))


@pytest.mark.parametrize("text", ["CAN-71", "xCAN-7", "éCAN-7", "CAN-7é", "CAN-7\u0416", "\U0001d400CAN-7"])
def test_a_short_id_inside_a_word_is_not_met(tmp_path: Path, text: str) -> None:
    """A short id inside a longer word is somebody else's."""
    for number, encoding in enumerate(("utf-8", "utf-16-le", "utf-16-be")[: 1 if not text.isascii() else None]):
        file = tmp_path / str(number)
        file.write_bytes(text.encode(encoding))
        assert not holds_residue(file, BytePatterns.of([SHORT]))


def test_many_digits_hold_no_short_number(tmp_path: Path) -> None:
    """A short number is found among many longer ones only where it is by itself."""
    patterns = BytePatterns.of(["1042", "77"])  # no CANARY: only digits make the case
    file = tmp_path / "file"
    file.write_bytes(b",".join(b"1042%d77" % number for number in range(100_000)))
    assert not holds_residue(file, patterns)
    file.write_bytes(file.read_bytes() + b",1042,")
    assert holds_residue(file, patterns)


def test_needles_show_nothing() -> None:
    """Neither patterns nor what was found show a person in their repr."""
    assert CANARY.lower() not in repr(PATTERNS).lower()
    assert CANARY not in repr(SearchOutcome(found=[Residue((PLAIN,), "name")], unread=[(PLAIN,)]))


@pytest.mark.parametrize(("texts", "secrets"), [([""], []), ([" \n"], []), ([], []), ([PLAIN], [b"1234"])])
def test_nothing_is_no_needle(texts: list[str], secrets: list[bytes]) -> None:
    """An empty text would be met everywhere, and is refused like a secret of a few bytes."""
    with pytest.raises(ValueError, match=r"empty|secret|nothing"):
        BytePatterns.of(texts, secrets)
