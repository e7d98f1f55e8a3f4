"""The exact cells that leave the vault and the noisy cells that leave the noise: one vector per measure and table.

A vector is of integers. It runs over the table's cells in the grid's order, and within a cell over the measure's
categories (exact) or the basis' coordinates (noisy).
"""

from dataclasses import dataclass
from typing import Never

from analytics.errors import UnforeseenError


@dataclass(frozen=True, order=True)
class TableKey:
    """One table of one measure."""

    measure: str
    dimensions: tuple[str, ...]


class ExactCells:
    """Exact cell sums in micro-persons (trust level X): in memory only, never printed, stored or pickled."""

    __slots__ = ("_vectors", "count_id")

    def __init__(self, vectors: dict[TableKey, list[int]], count_id: str | None = None) -> None:
        """Hold the vectors; `reveal` is for the noise alone.

        `count_id`: the random number under which the vault remembers the people of this count, where it does.
        """
        self._vectors = vectors
        self.count_id = count_id

    def __repr__(self) -> str:
        """Name the tables, never a sum."""
        return f"ExactCells({len(self._vectors)} tables)"

    __str__ = __repr__

    def __reduce__(self) -> Never:
        """Refuse to be pickled or copied.

        Raises:
            UnforeseenError: always.
        """
        message = "Exact cells are never written down."
        raise UnforeseenError(message, "Keep them in memory between the vault and the noise.")

    def reveal(self, key: TableKey) -> list[int]:
        """Return one table's exact sums; called by `analytics.release` only."""
        return self._vectors[key]


@dataclass(frozen=True)
class NoisyCells:
    """Noisy coordinates in micro-persons (trust level N) of one release, table by table in the plan's order."""

    vectors: dict[TableKey, tuple[int, ...]]
