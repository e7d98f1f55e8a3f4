"""Which bit means which factor: the contract decides, never a row."""

from dataclasses import replace

import pytest

from analytics.contracts import MOST_FACTORS, Contracts
from analytics.errors import ContractRefusedError
from analytics.vault.database import Vault
from analytics.vault.loading.factor_bits import settle_factors
from tests.support.people import ANA, BEA, Desk, entry, granted, query, withdrawn


def listing(contracts: Contracts, *words: str) -> Contracts:
    """Return contracts whose entries may have these factors, in this order."""
    entries = contracts.mood_entry
    factors = replace(entries["factors"], allowed=frozenset(words), listed=words)
    return replace(contracts, mood_entry=replace(entries, columns={**entries.columns, "factors": factors}))


def bits_in(vault: Vault) -> dict[str, int]:
    """Return the bits that the vault has given."""
    return {factor: bit for bit, factor in query(vault, "SELECT bit, factor FROM factor")}


def numbered(count: int, first: int = 0) -> tuple[str, ...]:
    """Return as many words, none of which is another."""
    return tuple(f"word_{number:02}" for number in range(first, first + count))


def test_bits_are_given_in_the_contract_s_order(vault: Vault, contracts: Contracts) -> None:
    """Not in the order of words in rows, nor of the alphabet; a word keeps its bit when the list is edited."""
    settle_factors(vault, listing(contracts, "work", "family").mood_entry)
    assert bits_in(vault) == {"work": 0, "family": 1}
    bits = settle_factors(vault, listing(contracts, "tea", "family").mood_entry)  # `work` left, and keeps its place
    assert bits_in(vault) == {"work": 0, "family": 1, "tea": 2}
    assert bits.of({"tea", "family"}) == 0b110


@pytest.mark.parametrize("theirs", ["", "tea", "work|tea|family"])
def test_one_person_s_words_give_no_bits(desk: Desk, contracts: Contracts, theirs: str) -> None:
    """Whatever one person lists, and also if every row of theirs is refused, the bits are the contract's."""
    desk = desk.under(listing(contracts, "family", "work", "tea"))
    desk.consents(granted(ANA), granted(BEA))
    desk.entries(entry(ANA, "2026-05-05T10:00", factors=theirs), entry(ANA, "2026-05-06T10:00", mood="9"))
    desk.entries(entry(BEA, "2026-05-05T10:00", factors="tea"))
    assert bits_in(desk.vault) == {"family": 0, "work": 1, "tea": 2}
    assert query(desk.vault, "SELECT max(factors) FROM entry WHERE factors = 4") == [(4,)]  # Bea's


def test_one_row_that_lists_63_factors_uses_up_nothing(desk: Desk, contracts: Contracts) -> None:
    """All words that the contract has room for have their place already: who lists them all takes none from others."""
    desk = desk.under(listing(contracts, *numbered(MOST_FACTORS)))
    desk.consents(granted(ANA), granted(BEA))
    desk.entries(entry(ANA, "2026-05-05T10:00", factors="|".join(numbered(MOST_FACTORS))))
    before = bits_in(desk.vault)
    assert desk.entries(entry(BEA, "2026-05-05T10:00", factors="word_62")).accepted == 1
    assert bits_in(desk.vault) == before == {word: bit for bit, word in enumerate(numbered(MOST_FACTORS))}


@pytest.mark.parametrize("logged", [False, True])
def test_more_words_than_bits_over_time_are_refused_whoever_logged(
    desk: Desk, contracts: Contracts, *, logged: bool
) -> None:
    """Words of earlier contracts count whether anybody used them or not; nothing changes when a contract is refused."""
    early = desk.under(listing(contracts, *numbered(40)))
    early.consents(granted(ANA), granted(BEA))
    early.entries(entry(ANA if logged else BEA, "2026-05-05T10:00", factors="word_00" if logged else ""))
    later = desk.under(listing(contracts, *numbered(24, first=40)))
    with pytest.raises(ContractRefusedError, match="add 23 new words at most"):
        later.entries(entry(BEA, "2026-05-06T10:00"))
    assert len(bits_in(desk.vault)) == 40
    assert desk.under(listing(contracts, *numbered(23, first=40))).entries(entry(BEA, "2026-05-06T10:00")).accepted


def test_a_withdrawal_needs_no_room_for_factors(desk: Desk, contracts: Contracts) -> None:
    """The register's own files have no factors: whoever leaves does not wait for a contract to be corrected."""
    desk.under(listing(contracts, *numbered(40))).entries()
    full = desk.under(listing(contracts, *numbered(40, first=40)))
    assert full.consents(granted(ANA)).accepted == 1
    assert full.consents(withdrawn(ANA)).accepted == 1


def test_a_vault_that_has_bits_keeps_them(vault: Vault, contracts: Contracts) -> None:
    """Bits that rows gave out in an earlier version stay as they are, gaps too; new words fill the lowest free ones."""
    query(vault, "INSERT INTO factor VALUES (0, 'work'), (2, 'alcohol')")
    settle_factors(vault, listing(contracts, "alcohol", "tea", "work", "music").mood_entry)
    assert bits_in(vault) == {"work": 0, "tea": 1, "alcohol": 2, "music": 3}
