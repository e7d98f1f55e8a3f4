"""What a plan costs and which noise it needs: decided from the plan alone, as integers, before any row is read."""

import functools
import math
from fractions import Fraction

from analytics.contracts import MICRO, NANO, FrozenMeasure, Grid, Plan, Product, table_name
from analytics.errors import ContractRefusedError
from analytics.periods import MOST_IN_53_WEEKS
from analytics.release.modelled_split import best_modelled_shares, foreseen
from analytics.release.noise import loss_nano
from analytics.release.optimum import PARTS, Basis, Marginals, basis_error, best_basis, best_shares, in_parts

Frozen = dict[str, dict[str, FrozenMeasure]]


# L4: the basis' longest column bounds every participant, and is reached (docs/privacy/proof.md)
def sensitivity(basis: Basis) -> int:
    """Return d_in in micro-persons: the most that one participant can move a table's measured vector, in L2.

    A participant's vector is non-negative with L1 norm at most 1,000,000, so its image under the basis is longest
    when all of it lies in the basis' longest column. Rounded up, by integer square root.
    """
    longest = max(sum(row[column] ** 2 for row in basis) for column in range(len(basis[0])))
    square = MICRO**2 * longest
    root = math.isqrt(square)
    return root if root * root == square else root + 1


def smallest_sigma(d_in: int, allowance_nano: int) -> int:
    """Return the smallest whole number of micro-persons whose loss, rounded up, is within the allowance."""
    guess = math.isqrt(d_in**2 * NANO // (2 * allowance_nano))
    low, high = max(1, guess - guess // 1000 - 2), guess + guess // 1000 + 2
    while low < high:
        middle = (low + high) // 2
        if loss_nano(d_in, middle) <= allowance_nano:
            high = middle
        else:
            low = middle + 1
    return low


def solved(plan: Plan, grid: Grid) -> Frozen:
    """Return the noise for every table: each measure's best basis, and the best split of a product's part.

    Raises:
        ContractRefusedError: if a product's part leaves nothing to a table.
    """
    frozen = {}
    for name, product in plan.products.items():
        bases = {one: best_basis(plan.measures[one]) for one in product.tables}
        frozen[name] = frozen_product(plan, grid, product, bases)
    return frozen


def shares_of(
    plan: Plan, grid: Grid, product: Product, bases: dict[str, Basis], start: list[list[float]] | None = None
) -> list[list[float]]:
    """Return the split of a product's part: for modelled figures where that gains enough, else for plain ones."""
    errors = {measure: basis_error(plan.measures[measure], basis) for measure, basis in bases.items()}
    plain = best_shares(marginals(plan, grid, product, errors))
    return best_modelled_shares(foreseen(plan, grid, product, bases), plain, start)


def frozen_shares(plan: Plan, product: Product, frozen: dict[str, FrozenMeasure]) -> list[list[float]]:
    """Return the split that frozen noise has, as shares of what it costs for 366 days of logging."""
    losses, whole = table_losses(product, frozen), lost_in_366_days(plan, product, frozen)
    return [
        [plan.touches(product, measure) * losses[measure, one] / whole for one in tables]
        for measure, tables in product.tables.items()
    ]


def frozen_product(
    plan: Plan, grid: Grid, product: Product, bases: dict[str, Basis], parts: list[list[int]] | None = None
) -> dict[str, FrozenMeasure]:
    """Return one product's noise under given bases, its part split as well as can be or as `parts` say.

    A table's share of the part is divided by the releases in which any 366 days of logging can count for its measure:
    only measures that look back pay for looking back.

    Raises:
        ContractRefusedError: if the part leaves nothing to a table.
    """
    split = in_parts(shares_of(plan, grid, product, bases)) if parts is None else parts
    frozen = {}
    for (measure, tables), shares in zip(product.tables.items(), split, strict=True):
        allowed = [product.part_nano * part // (PARTS * plan.touches(product, measure)) for part in shares]
        if min(allowed) < 1:
            file = "the release plan"
            raise ContractRefusedError(file, "products", f"the part of '{product.label}' leaves no loss to a table")
        d_in = sensitivity(bases[measure])
        sigma = {table_name(one): smallest_sigma(d_in, loss) for one, loss in zip(tables, allowed, strict=True)}
        frozen[measure] = FrozenMeasure(basis=bases[measure], sigma=sigma)
    return frozen


def marginals(plan: Plan, grid: Grid, product: Product, errors: dict[str, float]) -> list[Marginals]:
    """Return what the split of a product's part depends on, given the error of each measure's basis.

    The loss of one release is a table's share of the part over its touches, so that its variance grows with these.
    """
    keys = {name: len(grid.keys(name)) for name in grid.dimensions}
    return [
        Marginals(keys, tables, errors[measure] * plan.touches(product, measure))
        for measure, tables in product.tables.items()
    ]


def table_losses(product: Product, frozen: dict[str, FrozenMeasure]) -> dict[tuple[str, tuple[str, ...]], int]:
    """Return what each (measure, dimensions) of one release costs, in nano-rho, each rounded up."""
    return {
        (measure, dimensions): loss_nano(
            sensitivity(frozen[measure].basis), frozen[measure].sigma[table_name(dimensions)]
        )
        for measure, dimensions in product.measured()
    }


# L7: what 366 days of logging cost by one product fits its part (docs/privacy/proof.md)
def lost_in_366_days(plan: Plan, product: Product, frozen: dict[str, FrozenMeasure]) -> int:
    """Return the most that a product's releases cost whoever logs on any 366 days and on no other, in nano-rho."""
    losses = table_losses(product, frozen)
    return sum(plan.touches(product, measure) * loss for (measure, _), loss in losses.items())


def frozen_noise(plan: Plan, file: str) -> Frozen:
    """Return the plan's frozen noise.

    Raises:
        ContractRefusedError: if there is none, it is for other tables, or it costs more than a product's part.
    """
    if plan.frozen is None:
        raise ContractRefusedError(file, "frozen", "the plan is not frozen; run `murmuration plan --freeze` first")
    if set(plan.frozen) != set(plan.products):
        raise ContractRefusedError(file, "frozen", "it is not for the plan's products; freeze the plan again")
    for name, product in plan.products.items():
        measures = plan.frozen[name]
        if set(measures) != set(product.tables):
            raise ContractRefusedError(file, f"frozen.{name}", "it is not for the product's measures")
        for measure, frozen in measures.items():
            tables, categories = product.tables[measure], len(plan.measures[measure].categories)
            _check_measure(file, f"frozen.{name}.{measure}", frozen, tables, categories)
        spent = lost_in_366_days(plan, product, measures)
        if spent > product.part_nano:
            raise ContractRefusedError(
                file,
                f"frozen.{name}",
                f"its sigmas can cost {spent} nano-rho for 366 days of logging, and the product's part is "
                f"{product.part_nano}; run `murmuration plan --freeze` to compute them again",
            )
    return plan.frozen


def _check_measure(
    file: str, path: str, frozen: FrozenMeasure, tables: tuple[tuple[str, ...], ...], columns: int
) -> None:
    if set(frozen.sigma) != {table_name(dimensions) for dimensions in tables}:
        raise ContractRefusedError(file, f"{path}.sigma", "it is not for the measure's tables; freeze the plan again")
    if not frozen.basis or any(len(row) != columns for row in frozen.basis) or _rank(frozen.basis) < columns:
        raise ContractRefusedError(file, f"{path}.basis", "it does not determine every category")


@functools.cache
def _rank(rows: Basis) -> int:
    """Return the rank by exact elimination; a plan's bases are asked for at every draw, and never change."""
    left = [[Fraction(value) for value in row] for row in rows]
    rank = 0
    for column in range(len(left[0])):
        pivot = next((row for row in range(rank, len(left)) if left[row][column]), None)
        if pivot is None:
            continue
        left[rank], left[pivot] = left[pivot], left[rank]
        for row in range(rank + 1, len(left)):
            factor = left[row][column] / left[rank][column]
            left[row] = [a - factor * b for a, b in zip(left[row], left[rank], strict=True)]
        rank += 1
    return rank


def cost(plan: Plan, frozen: Frozen) -> list[dict[str, object]]:
    """Return what each product costs: rho per release, per table and for 366 days of logging."""
    products: list[dict[str, object]] = []
    for name, product in plan.products.items():
        losses = table_losses(product, frozen[name])
        products.append(
            {
                "name": name,
                "cadence": product.cadence,
                "rho_per_release": sum(losses.values()) / NANO,
                "rho_in_366_days": lost_in_366_days(plan, product, frozen[name]) / NANO,
                "rho_part": product.part_nano / NANO,
                "releases_per_year": MOST_IN_53_WEEKS[product.cadence],
                "touched_in_366_days": {measure: plan.touches(product, measure) for measure in product.tables},
                "tables": [
                    {
                        "measure": measure,
                        "name": table_name(dimensions),
                        "rho": loss / NANO,
                    }
                    for (measure, dimensions), loss in losses.items()
                ],
            }
        )
    return products


def cells_of(grid: Grid, dimensions: tuple[str, ...], basis: Basis) -> int:
    """Return how many integers one table's noisy vector has."""
    return grid.size(dimensions) * len(basis)
