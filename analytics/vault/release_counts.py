"""What a release may ask the vault for: whether a period's entries are still there, and its exact cells."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from analytics.cells import ExactCells
from analytics.contracts import Declarations, Grid, Plan
from analytics.home import Home
from analytics.periods import Period
from analytics.vault.database import Vault
from analytics.vault.erasure.completion import existing_vault, old_held_files
from analytics.vault.participation import Allowance, DrawnRelease
from analytics.vault.shares import exact_cells

__all__ = ["Allowance", "DrawnRelease", "ReleaseCounts", "open_counts"]


@dataclass(frozen=True)
class ReleaseCounts:
    """An open vault, for the draws of one command."""

    _vault: Vault = field(repr=False)

    @property
    def purged_before(self) -> date | None:
        """Entries before this local date were deleted for their age."""
        return self._vault.state().purged_before

    @property
    def old_files(self) -> dict[str, int]:
        """What the command's result says of a folder of an older program that was removed."""
        return old_held_files(self._vault)

    def cells(  # noqa: PLR0913, PLR0917 -- the three facts of the plan, the period, and who may be in it
        self, plan: Plan, grid: Grid, product: str, period: Period, allowance: Allowance | None, cap_nano: int
    ) -> ExactCells:
        """Return the exact cells of one period of a product, which only a draw may see. Raises as `exact_cells`."""
        return exact_cells(self._vault, plan, grid, plan.products[product], period, allowance, cap_nano)


@contextmanager
def open_counts(home: Home, contracts: Declarations, now: datetime) -> Iterator[ReleaseCounts]:
    """Open the home's vault for draws. Raises as `existing_vault`."""
    with existing_vault(home, contracts, now) as vault:
        yield ReleaseCounts(vault)
