"""Controlled factors as bits of one integer, so that millions of entries stay integers."""

from collections.abc import Iterable

from analytics.errors import ContractRefusedError

MOST_BITS = 62


class FactorBits:
    """Which bit stands for which factor in one vault; a factor keeps its bit for ever."""

    def __init__(self, known: dict[str, int]) -> None:
        """Begin with the vault's."""
        self._bits = dict(known)
        self._stored = len(known)

    def of(self, words: Iterable[str]) -> int:
        """Return the bits of `words`, of which new ones are given the next free bits.

        Raises:
            ContractRefusedError: if there are more factors than bits.
        """
        total = 0
        for word in sorted(words):
            bit = self._bits.setdefault(word, len(self._bits))
            if bit > MOST_BITS:
                file, reason = "mood_entry.odcs.yaml", f"more than {MOST_BITS + 1} in all"
                raise ContractRefusedError(file, "factors", reason)
            total |= 1 << bit
        return total

    def new(self) -> list[tuple[int, str]]:
        """Return the bits that the vault does not have yet."""
        return [(bit, word) for word, bit in self._bits.items() if bit >= self._stored]
