"""The report of a residue search: which bytes of the home were searched, and where residue was found."""

from collections.abc import Set as AbstractSet
from typing import Any

from analytics.contracts import Declarations
from analytics.home import Home
from analytics.vault.erasure.suppression_list import read_suppression_list
from analytics.vault.pseudonym import Pseudonymiser, read_key
from analytics.vault.residue import SHORT, BytePatterns, search

_NAMED_IN_FULL = frozenset({"contracts", "home.json", "ledger", "lock", "prefect", "published", "secret", "vault"})
"""Folders and files that the program names itself; names in `inbox/` may be people's."""


def residue_report(
    home: Home, contracts: Declarations, texts: list[str], domains: list[str], waiting: AbstractSet[bytes]
) -> dict[str, Any]:
    """Search the home for texts, and for the pseudonyms that they would have as ids; the vault must not be open.

    Suppression hashes are not searched for: they have to stay. The result says how many of the texts, as ids, are on
    the suppression list, and how many are in `waiting`: their deletion waits for a confirmation.
    """
    people = Pseudonymiser(read_key(home.key))
    all_domains = sorted({"default", *(source.id_domain for source in contracts.sources.values()), *domains})
    pseudonyms = {people.of(domain, text) for domain in all_domains for text in texts}
    listed = {suppression_hash for suppression_hash, _ in read_suppression_list(home.suppression_list).people()}
    hashes = [{people.suppression_hash(domain, text) for domain in all_domains} for text in texts]
    outcome = search(home.root, BytePatterns.of(texts, pseudonyms))
    return {
        "texts": len(texts),
        "short": sum(len(text) < SHORT for text in texts),
        "id_domains": all_domains,
        "on_the_list": sum(not listed.isdisjoint(each) for each in hashes),
        "of_them_waiting": sum(not waiting.isdisjoint(each) for each in hashes),
        "files": outcome.files,
        "bytes": outcome.bytes,
        "decoded": dict(sorted(outcome.decoded.items())),
        "unread": sorted({_place(parts, contracts) for parts in outcome.unread}),
        "found": sorted({f"{_place(each.place, contracts)} ({each.layer})" for each in outcome.found}),
    }


def _place(parts: tuple[str, ...], contracts: Declarations) -> str:
    """Return where something is, without a name that may be a person's."""
    if parts[0] in _NAMED_IN_FULL:
        return "/".join(parts)
    known = parts[0] == "inbox" and len(parts) > 1 and contracts.source(parts[1]) is not None
    return "/".join((*parts[:2], "...")) if known else f"{parts[0]}/..." if parts[0] == "inbox" else "..."
