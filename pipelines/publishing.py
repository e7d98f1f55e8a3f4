"""`published/`, made from the store; without Prefect, so that `publish` starts quickly."""

from typing import TYPE_CHECKING

from analytics.contracts import Contract
from analytics.trends.publish import publish
from pipelines.home import Home

if TYPE_CHECKING:
    from analytics.store.ledger import Ledger


def rebuild(home: Home, ledger: "Ledger", contract: Contract) -> list[str]:
    """Make `published/` say what the ledger holds; return the files' relative paths."""
    return publish(ledger.entries(), ledger.cells, home.published, contract)
