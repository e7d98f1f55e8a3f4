"""Matching: which pieces of bytes hold a pattern, with thousands of spellings in one pass (Aho-Corasick, in Polars).

Bytes are handed over as Latin-1, one character each, so that any bytes are text and every byte keeps its place.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from analytics.vault.residue.byte_patterns import BytePatterns
from analytics.vault.residue.spellings import UTF_8

NEIGHBOUR = 4
"""The most bytes of one character beside a word."""

_TAIL = 8
"""Bytes of a spelling that the first pass looks for: building its automaton takes as long as searching megabytes."""

_LETTERS = np.array([chr(byte).isalnum() and byte < 0x80 for byte in range(0x100)])  # noqa: PLR2004 -- ASCII's end
_CONTINUATION, _CONTINUES = 0xC0, 0x80


@dataclass(frozen=True)
class Piece:
    """Bytes to look into, and where they are from."""

    place: tuple[str, ...] = field(repr=False)
    layer: str
    data: bytes = field(repr=False)
    begins: bool = True
    """The piece begins its layer; otherwise the piece before it ends with the same bytes."""
    ends: bool = True


class Matcher:
    """Looks for one set of patterns."""

    def __init__(self, patterns: BytePatterns) -> None:
        """Sort the spellings by how they must match."""
        known = patterns.reveal()
        self._words, self._exact = known.words, known.exact
        self._anyhow = _latin_1({spelling.lower() for spelling in known.any_case})
        self._word_texts, self._exact_texts = _latin_1(known.words), _latin_1(known.exact)
        self._narrow = _latin_1(word for word, encodings in known.words.items() if encodings == {UTF_8})
        every = {spelling.lower()[-_TAIL:] for spelling in (*known.any_case, *known.exact, *known.words)}
        self._tails = _latin_1(every)

    def holding(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Return the pieces that hold a pattern."""
        # Most pieces hold nothing: one pass for the spellings' ends, then a closer look at the few.
        suspected = _among(pieces, _met([piece.data.lower() for piece in pieces], self._tails))
        met = _met([piece.data.lower() for piece in suspected], self._anyhow)
        holding = _among(suspected, met)
        left = _among(suspected, [not has for has in met])
        for matches in (self._exactly, self._as_words):
            met = matches(left)
            holding += _among(left, met)
            left = _among(left, [not has for has in met])
        return holding

    def _exactly(self, pieces: list[Piece]) -> list[bool]:
        texts = [piece.data for piece in pieces]
        rows = zip(pieces, texts, _met(texts, self._exact_texts), strict=True)
        return [has and _fitting(piece, text, self._exact_texts, [], self._is_exact) for piece, text, has in rows]

    def _as_words(self, pieces: list[Piece]) -> list[bool]:
        texts = [piece.data.lower() for piece in pieces]
        rows = zip(pieces, texts, _met(texts, self._word_texts), strict=True)
        return [
            has and _fitting(piece, text, self._word_texts, self._narrow, self._is_word) for piece, text, has in rows
        ]

    def _is_word(self, piece: Piece, start: int, end: int) -> bool:
        before, after = piece.data[max(0, start - NEIGHBOUR) : start], piece.data[end : end + NEIGHBOUR]
        encodings = self._words[piece.data[start:end].lower()]
        return any(not _letter_last(before, each) and not _letter_first(after, each) for each in encodings)

    def _is_exact(self, piece: Piece, start: int, end: int) -> bool:
        before, after = piece.data[max(0, start - 1) : start], piece.data[end : end + 1]
        return any(
            (not ahead or (before and before[0] in ahead)) and (not behind or (after and after[0] in behind))
            for ahead, behind in self._exact[piece.data[start:end]]
        )


def _among(pieces: Sequence[Piece], met: Sequence[bool]) -> list[Piece]:
    return [piece for piece, has in zip(pieces, met, strict=True) if has]


def _fitting(
    piece: Piece, text: bytes, spellings: list[str], narrow: list[str], fits: Callable[[Piece, int, int], bool]
) -> bool:
    """Say whether a piece holds one of the spellings with neighbours that fit.

    `narrow` ones never fit beside a letter or digit of ASCII: in a file of numbers, that excludes nearly all.
    """
    series = pl.Series([text.decode("latin-1")], dtype=pl.String)
    offsets = series.str.find_many(spellings, overlapping=True)[0].to_numpy()
    met = series.str.extract_many(spellings, overlapping=True)[0]
    lengths = met.str.len_chars().to_numpy()
    starts = _places(series[0].encode(), offsets)
    ends = starts + lengths
    # The neighbouring piece covers the border.
    first = 0 if piece.begins else NEIGHBOUR
    last = len(text) - (0 if piece.ends else NEIGHBOUR)
    inside = (starts >= first) & (ends <= last)
    if narrow:
        beside = np.frombuffer(b"\0" + text + b"\0", np.uint8)
        inside &= ~(met.is_in(narrow).to_numpy() & (_LETTERS[beside[starts]] | _LETTERS[beside[ends + 1]]))
    return any(
        fits(piece, start, end) for start, end in zip(starts[inside].tolist(), ends[inside].tolist(), strict=True)
    )


def _latin_1(spellings: Iterable[bytes]) -> list[str]:
    return [spelling.decode("latin-1") for spelling in spellings]


def _met(texts: Sequence[bytes], spellings: list[str]) -> list[bool]:
    """Say of each text whether it holds one of the spellings."""
    if not texts or not spellings:
        return [False] * len(texts)
    return pl.Series(_latin_1(texts), dtype=pl.String).str.contains_any(spellings).to_list()


def _places(encoded: bytes, offsets: np.ndarray) -> np.ndarray:
    """Turn offsets into the UTF-8 of a Latin-1 text into places of its characters."""
    continued = np.flatnonzero((np.frombuffer(encoded, np.uint8) & _CONTINUATION) == _CONTINUES)
    places: np.ndarray = offsets.astype(np.int64) - np.searchsorted(continued, offsets)
    return places


def _letter_last(before: bytes, encoding: str) -> bool:
    """Say whether a letter or digit ends `before`; bytes that are no character in this encoding are none."""
    if encoding != UTF_8 and len(before) == 1:
        return before.isalnum()
    return any(_letter(before[-size:], encoding) for size in _sizes(encoding) if size <= len(before))


def _letter_first(after: bytes, encoding: str) -> bool:
    if encoding != UTF_8 and len(after) == 1:
        return after.isalnum()
    return any(_letter(after[:size], encoding) for size in _sizes(encoding) if size <= len(after))


def _sizes(encoding: str) -> tuple[int, ...]:
    return (1, 2, 3, 4) if encoding == UTF_8 else (2,)


def _letter(data: bytes, encoding: str) -> bool:
    try:
        character = data.decode(encoding)
    except UnicodeError:
        return False
    return len(character) == 1 and character.isalnum()
