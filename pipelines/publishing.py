"""`published/`, made from the store; without Prefect, so that `publish` starts quickly."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analytics.contracts import Contract
from analytics.trends.publish import publish
from pipelines.home import Home

if TYPE_CHECKING:
    from analytics.store.ledger import Ledger


def rebuild(home: Home, ledger: "Ledger", allowed: Mapping[str, Contract]) -> list[str]:
    """Make `published/` say what the ledger holds; return the files' relative paths."""
    return publish(ledger.entries(), ledger.cells, home.published, allowed)
