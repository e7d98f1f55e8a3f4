"""The way out of the vault: shares per participant, then exact cells over the whole public grid."""

from datetime import date

from analytics.cells import ExactCells, TableKey
from analytics.contracts import Grid, Plan, Product
from analytics.errors import UnforeseenError
from analytics.periods import Period
from analytics.vault.sealing import sealed
from analytics.vault.store import Vault


# L3: a participant adds a non-negative vector of L1 norm at most 1,000,000 to each table (docs/privacy/proof.md)
@sealed
def exact_cells(vault: Vault, plan: Plan, grid: Grid, product: Product, period: Period) -> ExactCells:
    """Count one period of one product: integers in micro-persons, from one read transaction.

    One participant changes each table by a non-negative vector of L1 norm at most 1,000,000.

    Raises:
        UnforeseenError: if a measure's SQL breaks that bound; nothing is drawn then.
    """
    vectors: dict[TableKey, list[int]] = {}
    with vault.transaction():
        for measure, tables in product.tables.items():
            categories = len(plan.measures[measure].categories)
            _fill_shares(vault, measure, period.first_day, period.last_day)
            _declare_grid(vault, grid, tables, categories)
            cells: dict[TableKey, list[int]] = {TableKey(measure, dimensions): [] for dimensions in tables}
            keys = list(cells)
            for table_no, micro_persons in vault.rows("exact_cell", {"last_day": period.last_day}):
                cells[keys[table_no]].append(micro_persons)
            vectors.update(cells)
    return ExactCells(vectors)


def _fill_shares(vault: Vault, measure: str, first_day: date, last_day: date) -> None:
    vault.fill_share(measure, {"first_day": first_day, "last_day": last_day})
    if vault.rows("share_out_of_bound") != [(0,)]:
        message = f"The measure '{measure}' gave somebody more than one unit; nothing was drawn."
        action = "Correct the measure's SQL: shares are non-negative and sum to one unit at most."
        raise UnforeseenError(message, action)


def _declare_grid(vault: Vault, grid: Grid, tables: tuple[tuple[str, ...], ...], categories: int) -> None:
    """Tell the vault the public grid: it decides which cells there are, the data never does."""
    vault.fill("grid_key", [(name, key, no) for name in grid.dimensions for no, key in enumerate(grid.keys(name))])
    strides = []
    for table_no, dimensions in enumerate(tables):
        stride = 1
        for dimension in reversed(dimensions):
            strides.append((table_no, dimension, stride))
            stride *= len(grid.keys(dimension))
    vault.fill("table_dimension", strides)
    vault.fill(
        "table_cell",
        [
            (table_no, cell_no, category_no)
            for table_no, dimensions in enumerate(tables)
            for cell_no in range(grid.size(dimensions))
            for category_no in range(categories)
        ],
    )
