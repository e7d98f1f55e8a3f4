"""What is searched for, in all its spellings."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from analytics.vault.residue.spellings import Spellings


@dataclass(frozen=True, repr=False)
class Needles:
    """Texts and secrets of persons, in every spelling that is known. The repr shows nothing of them."""

    _spellings: Spellings

    @classmethod
    def of(cls, texts: Iterable[str], secrets: Iterable[bytes] = ()) -> "Needles":
        """Return needles for texts (ids, phrases) and secrets (pseudonyms).

        Raises:
            ValueError: if a text is empty, a secret shorter than eight bytes, or there is nothing to search for.
        """
        spellings = Spellings()
        for text in texts:
            spellings.add_text(text)
        for secret in secrets:
            spellings.add_secret(secret)
        if not (spellings.anyhow or spellings.words):
            message = "There is nothing to search for."
            raise ValueError(message)
        return cls(spellings)

    def reveal(self) -> Spellings:
        """Return the spellings, for the one who searches."""
        return self._spellings

    @property
    def longest(self) -> int:
        """The length of the longest spelling in bytes."""
        known = self._spellings
        return max(map(len, chain(known.anyhow, known.exact, known.words)))

    def __repr__(self) -> str:
        """Show nothing."""
        return "Needles(hidden)"
