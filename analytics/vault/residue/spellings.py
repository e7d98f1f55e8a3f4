"""The bytes by which a text or a secret may be written: its encodings, escapes and notations.

The matcher compares letters of ASCII without case, so case is spelled out only where it changes other
characters: outside ASCII, in hex and in base64.
"""

import base64
import html
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

SHORT = 6
"""A text of fewer characters is looked for as a whole word only: it occurs by chance inside longer ones."""

UTF_8, UTF_16_LE, UTF_16_BE = "utf-8", "utf-16-le", "utf-16-be"

_BITS, _DIGIT_BITS = 8, 6
_DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_PRINTABLE = frozenset(range(0x20, 0x7F)) - frozenset(b"'\"\\")
_HTML_QUOTES = (("&#x27;", "&#39;"), ("&#x27;", "&apos;"))
_LEAST_SECRET = 8


Beside = tuple[frozenset[int], frozenset[int]]
"""The base64 digits that may come before and after; empty if any byte may."""


@dataclass
class Spellings:
    """The spellings, by how they must match. The repr shows none of them."""

    any_case: set[bytes] = field(default_factory=set, repr=False)
    """Match anywhere, in any case."""
    exact: dict[bytes, set[Beside]] = field(default_factory=dict, repr=False)
    """Match in this case only, between certain digits: base64, where case distinguishes digits."""
    words: dict[bytes, set[str]] = field(default_factory=dict, repr=False)
    """Match if no letter or digit of one of these encodings is beside them; in small letters."""

    def add_text(self, text: str) -> None:
        """Add all spellings of a text. Raises ValueError if it is empty."""
        stripped = text.strip()
        if not stripped:
            message = "An empty text cannot be searched for."
            raise ValueError(message)
        forms = _forms(text)
        if len(stripped) < SHORT:
            self._add_words(forms)
            return
        for form in forms:
            self.any_case.update(_encoded(form), _escaped(form))
            for cased in (form, form.lower(), form.upper()):
                self._add_digits(_utf_8(cased))

    def add_secret(self, secret: bytes) -> None:
        """Add all spellings of a secret's bytes. Raises ValueError if they are too few to be one."""
        if len(secret) < _LEAST_SECRET:
            message = f"A secret has at least {_LEAST_SECRET} bytes."
            raise ValueError(message)
        digits = secret.hex()
        self.any_case.update(
            text.encode()
            for text in (
                "".join(f"\\x{byte:02x}" for byte in secret),
                "".join(chr(byte) if byte in _PRINTABLE else f"\\x{byte:02x}" for byte in secret),
                "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])),
                *_decimals(secret),
                *_python(secret),
            )
        )
        self.any_case.add(secret)
        self._add_digits(secret)

    def _add_digits(self, data: bytes) -> None:
        """Add the spellings in digits: hex, and base64 at each of its three alignments."""
        self.any_case.add(data.hex().encode())
        for digits, beside in _base64(data):
            for spelling in (digits, digits.translate(bytes.maketrans(b"+/", b"-_"))):
                self.exact.setdefault(spelling, set()).add(beside)

    def _add_words(self, forms: set[str]) -> None:
        """Add a short text's spellings; the neighbours of a word are read in its own encoding."""
        for form in forms:
            for encoding in (UTF_16_LE, UTF_16_BE):
                self._add_word(form.encode(encoding, "surrogatepass"), encoding)
            for spelling in (*_eight_bit(form), *_escaped(form)):
                self._add_word(spelling, UTF_8)
            for cased in {form, form.lower(), form.upper()}:
                data = _utf_8(cased)
                self._add_word(data.hex().encode(), UTF_8)
                self._add_word(base64.b64encode(data).rstrip(b"="), UTF_8)

    def _add_word(self, spelling: bytes, encoding: str) -> None:
        self.words.setdefault(spelling.lower(), set()).add(encoding)


def _forms(text: str) -> set[str]:
    """Return the text as given, stripped and normalised; with other cases where those are beyond ASCII."""
    forms = {text, text.strip()}
    forms |= {unicodedata.normalize(form, known) for form in ("NFC", "NFD", "NFKC") for known in tuple(forms)}
    if not text.isascii():
        forms |= {cased for form in forms for cased in (form.lower(), form.upper(), form.casefold())}
    return forms


def _utf_8(text: str) -> bytes:
    return text.encode(UTF_8, "surrogatepass")


def _eight_bit(text: str) -> Iterator[bytes]:
    """Yield the text in UTF-8, and in Latin-1 if it can be."""
    yield _utf_8(text)
    if all(ord(character) <= 0xFF for character in text):  # noqa: PLR2004 -- the last of Latin-1
        yield text.encode("latin-1")


def _encoded(text: str) -> Iterator[bytes]:
    yield from _eight_bit(text)
    # A zero at the border is left out, so that one spelling serves both byte orders.
    yield text.encode(UTF_16_LE, "surrogatepass").removesuffix(b"\0")
    yield text.encode(UTF_16_BE, "surrogatepass").removeprefix(b"\0")


def _escaped(text: str) -> Iterator[bytes]:
    """Yield the text as JSON, addresses, HTML, CSV, SQL and Python write it."""
    for spelling in {*_in_json(text), *_in_addresses(text), *_in_html(text), *_python(text), *_doubled(text)}:
        yield _utf_8(spelling)


def _in_json(text: str) -> Iterator[str]:
    for ascii_only in (True, False):
        spelling = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
        yield spelling
        yield spelling.replace("/", "\\/")


def _in_addresses(text: str) -> Iterator[str]:
    for data in _eight_bit(text):
        for safe in ("", "/", "/:@", "!*'()", "!*'();/?:@&=+$,#"):
            yield quote(data, safe=safe)
        yield quote_plus(data)


def _in_html(text: str) -> Iterator[str]:
    for quoting in (True, False):
        spelling = html.escape(text, quote=quoting)
        for here, there in (("", ""), *_HTML_QUOTES):
            variant = spelling.replace(here, there) if here else spelling
            yield variant
            yield variant.encode("ascii", "xmlcharrefreplace").decode()
            yield re.sub(r"[^\x00-\x7f]", lambda found: f"&#x{ord(found[0]):x};", variant)


def _python(value: str | bytes) -> Iterator[str]:
    """Yield the inside of Python's literals of a text or of bytes, for either quote."""
    writings = [repr(value), ascii(value)] if isinstance(value, str) else [repr(value)]
    if isinstance(value, str):
        writings.append(repr(_utf_8(value)))
    for writing in writings:
        inner = writing.removeprefix("b")[1:-1]
        plain = inner.replace("\\'", "'")
        yield from (inner, plain, plain.replace("'", "\\'"), plain.replace('"', '\\"'))


def _doubled(text: str) -> Iterator[str]:
    for quote_mark in "\"'":
        yield text.replace(quote_mark, quote_mark * 2)


def _decimals(secret: bytes) -> Iterator[str]:
    """Yield the secret as a whole number: either byte order, with and without a sign."""
    for order in ("big", "little"):
        for signed in (False, True):
            yield str(int.from_bytes(secret, "little" if order == "little" else "big", signed=signed)).removeprefix("-")


def _base64(data: bytes) -> Iterator[tuple[bytes, Beside]]:
    """Yield the digits that `data` alone decides, for each place in a group of three bytes where it may begin.

    It also decides a part of the digits beside them: the possible ones are returned with it.
    """
    for before in range(3):
        filled = bytes(before) + data
        digits = base64.b64encode(filled)
        first, foreign = divmod(before * _BITS, _DIGIT_BITS)
        end, known = divmod(len(filled) * _BITS, _DIGIT_BITS)
        ahead = frozenset[int]()
        if foreign:
            ahead = _like(digits[first], 0, _DIGIT_BITS - foreign)
            first += 1
        yield digits[first:end], (ahead, _like(digits[end], _DIGIT_BITS - known, known) if known else frozenset())


def _like(digit: int, shift: int, bits: int) -> frozenset[int]:
    """Return the digits that share some bits with one digit."""
    wanted, mask = _DIGITS.index(digit), ((1 << bits) - 1) << shift
    known = {value for at, value in enumerate(_DIGITS) if at & mask == wanted & mask}
    return frozenset(known | set(bytes(known).translate(bytes.maketrans(b"+/", b"-_"))))
