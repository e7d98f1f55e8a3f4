"""Measures that do not exist yet: one `.sql` file and one block in the plan are walked, and a wrong one is found."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.contracts import Contracts, FrozenMeasure, Plan, table_name
from analytics.release.budget import sensitivity
from analytics.vault import database
from tests.support.neighbours import invented
from tests.support.people import vault_at
from tests.support.walking import Walked, Watched, reaches, walk

TABLES: tuple[tuple[str, ...], ...] = ((), ("region",))
BASIS = ((3, 0, 0, 0, 0), (0, 2, 0, 1, 0), (0, 0, 2, 0, 0), (0, 0, 0, 2, 0), (0, 1, 0, 0, 2), (1, 1, 1, 1, 1))

BACK = 9
"""How many weeks each says that it looks back: one that looks back farther is wrong."""

RIGHT, WRONG = (sorted((Path(__file__).parents[1] / "measures" / side).glob("*.sql")) for side in ("right", "wrong"))


def declared(contracts: Contracts, measure: str) -> Contracts:
    """Return contracts whose plan has one product of one measure, declared as a plan declares it."""
    plan = contracts.plan.model_dump(by_alias=True)
    name = "weekly_mood"
    plan["name"] = measure
    plan["measures"] = {measure: {**plan["measures"]["mood_bands"], "label": measure, "looks_back_weeks": BACK}}
    plan["products"] = {name: {**plan["products"][name], "tables": {measure: TABLES}, "strata": {}}}
    frozen = FrozenMeasure(basis=BASIS, sigma={table_name(one): 1 for one in TABLES})
    plan["frozen"] = {name: {measure: frozen.model_dump()}}
    return Contracts(**{**vars(contracts), "plan": Plan.model_validate(plan)})


@pytest.fixture(scope="module")
def walked(contracts: Contracts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    """Walk them all at once, with the vault's own guard against too much mass taken away."""
    folder = tmp_path_factory.mktemp("measures")
    shutil.copytree(database._SQL, folder / "sql")
    (folder / "sql" / "share_out_of_bound.sql").write_text("SELECT 0")
    for path in (*RIGHT, *WRONG):
        shutil.copyfile(path, folder / "sql" / "shares" / path.name)
    plans = [declared(contracts, path.stem) for path in (*RIGHT, *WRONG)]
    with pytest.MonkeyPatch.context() as patch, vault_at(folder / "vault.duckdb") as vault:
        patch.setattr(database, "_SQL", folder / "sql")
        yield walk(Watched(vault), plans, invented(contracts, 320, 5))


def broken(walked: Walked, measure: str) -> list[str]:
    """Return what a measure broke."""
    return [said for said in walked.broken if measure in said]


@pytest.mark.parametrize("measure", [path.stem for path in RIGHT])
def test_a_measure_that_looks_back_or_elsewhere_is_walked_when_it_is_declared(walked: Walked, measure: str) -> None:
    """Earlier periods and other tables are within the bounds, and both bounds are attained, in another basis too."""
    assert broken(walked, measure) == []
    l2 = [square for (plan, _, _), square in walked.l2.items() if plan == measure]
    assert len(l2) == len(TABLES)
    assert all(reaches(square, sensitivity(BASIS)) for square in l2)
    assert {l1 for (plan, _, _), l1 in walked.l1.items() if plan == measure} == {1_000_000}


@pytest.mark.parametrize("measure", [path.stem for path in WRONG])
def test_a_measure_that_breaks_a_promise_is_found_when_it_is_declared(walked: Walked, measure: str) -> None:
    """Too much, negative or foreign mass, no consent, an old one, a look ahead or too far back: each is found."""
    assert broken(walked, measure)
