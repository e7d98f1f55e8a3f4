"""Controlled factors as bits of one integer, so that millions of entries stay integers."""

from collections.abc import Iterable

from analytics.contracts import MOST_FACTORS, Contract
from analytics.errors import ContractRefusedError
from analytics.vault.database import Vault
from analytics.vault.error_boundary import sealed


class FactorBits:
    """The bit of each factor in one vault; a factor keeps its bit for ever."""

    def __init__(self, known: dict[str, int]) -> None:
        """Begin with the vault's bits."""
        self._bits = dict(known)

    def of(self, words: Iterable[str]) -> int:
        """Return the bits of `words`, all of which the contract lists."""
        return sum(1 << self._bits[word] for word in set(words))


# L9: bits come from the contract and its history, never from a row (docs/privacy/proof.md)
@sealed
def settle_factors(vault: Vault, contract: Contract) -> FactorBits:
    """Give every word of the contract that has no bit yet the lowest free one, in the contract's order; return all.

    Called before any row is read. A word that left the contract keeps its bit: entries may hold it.

    Raises:
        ContractRefusedError: if all contracts so far have more words than there are bits; nothing changes then.
    """
    known = dict(vault.rows("factor_bits"))
    new = [word for word in contract["factors"].listed if word not in known]
    free = sorted(set(range(MOST_FACTORS)) - set(known.values()))
    if len(new) > len(free):
        reason = (
            f"with words of earlier versions, which keep their place, these are more than {MOST_FACTORS}; "
            f"use earlier words again, or add {len(free)} new words at most"
        )
        raise ContractRefusedError(contract.file, "factors", reason)
    given = list(zip(new, free, strict=False))
    if given:
        with vault.transaction():
            for word, bit in given:
                vault.run("factor_add", {"bit": bit, "factor": word})
    return FactorBits({**known, **dict(given)})
