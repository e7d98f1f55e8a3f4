"""The proof of an erasure: every byte of the home is searched, and it is said what that was."""

from collections.abc import Set as AbstractSet
from typing import Any

from analytics.contracts import Declarations
from analytics.home import Home
from analytics.vault.erasure.suppression_list import read_suppression_list
from analytics.vault.pseudonym import Pseudonymiser, read_key
from analytics.vault.residue import SHORT, Needles, search

_TOLD_IN_FULL = frozenset({"contracts", "home.json", "ledger", "lock", "prefect", "published", "secret", "vault"})
"""What is named by the program itself; in `inbox/`, names may be people's."""


def prove(
    home: Home, contracts: Declarations, texts: list[str], domains: list[str], waiting: AbstractSet[bytes]
) -> dict[str, Any]:
    """Search the home for texts, and for the pseudonyms that they would have as ids; the vault must not be open.

    A mark on the list of withdrawn people is not looked for: it has to stay. The answer says how many of the texts, as
    ids, have one, and how many have one of `waiting`: their deletion waits for a confirmation.
    """
    people = Pseudonymiser(read_key(home.key))
    all_domains = sorted({"default", *(source.id_domain for source in contracts.sources.values()), *domains})
    pseudonyms = {people.of(domain, text) for domain in all_domains for text in texts}
    marks = {mark for mark, _ in read_suppression_list(home.withdrawn).people()}
    searched = search(home.root, Needles.of(texts, pseudonyms))
    return {
        "texts": len(texts),
        "short": sum(len(text) < SHORT for text in texts),
        "id_domains": all_domains,
        "on_suppression_list": sum(any(people.mark(domain, text) in marks for domain in all_domains) for text in texts),
        "deletion_waiting": sum(any(people.mark(domain, text) in waiting for domain in all_domains) for text in texts),
        "files": searched.files,
        "bytes": searched.bytes,
        "decoded": dict(sorted(searched.decoded.items())),
        "unread": sorted({_place(parts, contracts) for parts in searched.unread}),
        "found": sorted({f"{_place(found.place, contracts)} ({found.layer})" for found in searched.found}),
    }


def _place(parts: tuple[str, ...], contracts: Declarations) -> str:
    """Return where something is, without a name that may be a person's."""
    if parts[0] in _TOLD_IN_FULL:
        return "/".join(parts)
    known = parts[0] == "inbox" and len(parts) > 1 and contracts.source(parts[1]) is not None
    return "/".join((*parts[:2], "...")) if known else f"{parts[0]}/..." if parts[0] == "inbox" else "..."
