"""The byte patterns of a residue search: texts and secrets in all their spellings."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from analytics.vault.residue.spellings import Spellings


@dataclass(frozen=True, repr=False)
class BytePatterns:
    """Texts and secrets of persons in every known spelling. The repr shows none of them."""

    _spellings: Spellings

    @classmethod
    def of(cls, texts: Iterable[str], secrets: Iterable[bytes] = ()) -> "BytePatterns":
        """Return the patterns for texts (ids, phrases) and secrets (pseudonyms).

        Raises:
            ValueError: if a text is empty, a secret shorter than eight bytes, or there are none of both.
        """
        spellings = Spellings()
        for text in texts:
            spellings.add_text(text)
        for secret in secrets:
            spellings.add_secret(secret)
        if not (spellings.any_case or spellings.words):
            message = "There is nothing to search for."
            raise ValueError(message)
        return cls(spellings)

    def reveal(self) -> Spellings:
        """Return the spellings, for the matcher."""
        return self._spellings

    @property
    def longest(self) -> int:
        """The length of the longest spelling in bytes."""
        known = self._spellings
        return max(map(len, chain(known.any_case, known.exact, known.words)))

    def __repr__(self) -> str:
        """Show nothing."""
        return "BytePatterns(hidden)"
