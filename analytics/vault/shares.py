"""What leaves the vault: shares per participant, then exact cells over the whole public grid."""

from datetime import date, timedelta

from analytics.cells import ExactCells, TableKey
from analytics.contracts import Grid, Measure, Plan, Product
from analytics.errors import UnforeseenError
from analytics.periods import MOST_DAYS, Period
from analytics.vault import agreed_versions, participation
from analytics.vault.database import Vault
from analytics.vault.error_boundary import sealed
from analytics.vault.participation import Allowance

Parameters = dict[str, date | int | list[str]]
"""What a measure's SQL may ask for, by the names that it uses."""


# L3: a participant adds a non-negative vector of L1 norm at most 1,000,000 to each table (docs/privacy/proof.md)
@sealed
def exact_cells(  # noqa: PLR0913, PLR0917 -- the vault, the three facts of the plan, the period, and who may be in it
    vault: Vault,
    plan: Plan,
    grid: Grid,
    product: Product,
    period: Period,
    allowance: Allowance | None = None,
    cap_nano: int | None = None,
) -> ExactCells:
    """Count one period of one product: integers in micro-persons, from one read transaction.

    Only people who agreed to at least `cap_nano` count, the cap of the draw (None: the plan's own).
    One participant changes each table by a non-negative vector of L1 norm at most 1,000,000.

    Raises:
        UnforeseenError: if a measure's SQL breaks that bound; nothing is drawn then.
    """
    vectors: dict[TableKey, list[int]] = {}
    with vault.transaction():
        agreed_versions.find(vault, plan, plan.cap_nano if cap_nano is None else cap_nano)
        count_id = None if allowance is None else participation.begin_count(vault, allowance)
        for measure, tables in product.tables.items():
            declared = plan.measures[measure]
            _fill_shares(vault, measure, parameters_of(declared, period))
            agreed_versions.remove_others(vault)  # before an allowance writes down whom it counts
            if allowance is not None:
                participation.apply_allowance(vault, allowance)
            _declare_grid(vault, grid, tables, len(declared.categories))
            cells: dict[TableKey, list[int]] = {TableKey(measure, dimensions): [] for dimensions in tables}
            keys = list(cells)
            for table_no, micro_persons in vault.rows("exact_cell", {"last_day": period.last_day}):
                cells[keys[table_no]].append(micro_persons)
            vectors.update(cells)
    return ExactCells(vectors, count_id)


def parameters_of(measure: Measure, period: Period) -> Parameters:
    """Return what a measure's SQL may ask for: the days that it may read, its categories' names, its own numbers.

    The period before has a name only where the plan looks back over the longest that it can be: entries are stored for
    as far as the plan says, no farther.
    """
    before = period.previous
    reaches = 7 * measure.looks_back_weeks >= MOST_DAYS[period.cadence]
    return {
        "first_day": period.first_day,
        "last_day": period.last_day,
        "since_day": period.first_day - timedelta(weeks=measure.looks_back_weeks),
        **({"previous_first_day": before.first_day, "previous_last_day": before.last_day} if reaches else {}),
        "categories": list(measure.categories),
        **measure.parameters,
    }


def _fill_shares(vault: Vault, measure: str, parameters: Parameters) -> None:
    vault.fill_share(measure, parameters)
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
