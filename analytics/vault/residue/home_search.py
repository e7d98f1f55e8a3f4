"""What is left of erased people in a home: orphaned rows, waiting deletions, and a search for given ids and texts.

The ids and texts come on standard input, are read here, and go no further: the result has counts and places.
"""

import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from analytics.contracts import Declarations
from analytics.home import Home
from analytics.vault.erasure.completion import existing_vault, old_held_files
from analytics.vault.erasure.decisions import waiting_deletions
from analytics.vault.residue.report import residue_report
from analytics.vault.residue.search_terms import SearchTerms, read_search_terms


def search_terms_from_stdin(domains: Iterable[str]) -> SearchTerms:
    """Read standard input to its end. Raises as `read_search_terms`."""
    return read_search_terms(sys.stdin.buffer.read(), domains)


def search_home(home: Home, contracts: Declarations, now: datetime, terms: SearchTerms | None) -> dict[str, Any]:
    """Complete all erasures, count what is left of them, and search every byte of the home for `terms`."""
    with existing_vault(home, contracts, now) as vault:
        people_waiting, rows_waiting = vault.rows("erasure/waiting_rows")[0]
        result: dict[str, Any] = {
            "withdrawals": vault.suppression_list.sequence,
            "orphaned_rows": vault.rows("erasure/orphaned_rows")[0][0],
            "broken_sources": contracts.unread_sources(),
            **old_held_files(vault),
            "waiting": waiting_deletions(vault.suppression_list),
            "people_waiting": people_waiting,
            "rows_waiting": rows_waiting,
        }
        waiting = frozenset(hash_ for (hash_,) in vault.rows("erasure/waiting_hash"))
    return result if terms is None else result | residue_report(home, contracts, terms.texts, terms.domains, waiting)
