"""The plan of an earlier home: its measures that no shipped plan has any more, which such a home still draws."""

import functools
import tarfile
import tempfile
from pathlib import Path

from analytics.contracts import Contracts, read_contracts, shipped_contracts
from tests.support.pattern_oracle import EARLIER

HOME = Path(__file__).parents[1] / "homes" / "format_3.tar.xz"
PRODUCT = "monthly_patterns"


@functools.cache
def earlier_contracts() -> Contracts:
    """Return the shipped contracts under an earlier home's standard plan, of which only these measures are left."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(HOME) as packed:
            packed.extractall(folder, filter="data")
        plan = read_contracts(Path(folder) / "contracts", "standard").plan
    product = plan.products[PRODUCT]
    tables = {name: tables for name, tables in product.tables.items() if name in EARLIER}
    noise = {PRODUCT: {name: (plan.frozen or {})[PRODUCT][name] for name in tables}}
    update = {
        "frozen": noise,
        "name": "earlier",
        "measures": {name: plan.measures[name] for name in tables},
        "products": {PRODUCT: product.model_copy(update={"tables": tables, "strata": {}})},
    }
    shipped = read_contracts(shipped_contracts(), "standard")
    return Contracts(**{**vars(shipped), "plan": plan.model_copy(update=update)})
