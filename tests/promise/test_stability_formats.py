"""In every format that carries several people, one person's records are nobody else's affair, from file to vault."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.contracts import Contracts
from tests.support.people import (
    ANA,
    BEA,
    CAI,
    WEEK,
    Desk,
    balances,
    granted,
    pseudonym,
    query,
    rows_by_pseudonym,
    vault_at,
)
from tests.support.several import SEVERAL

Kept = tuple[dict[bytes, list[tuple[Any, ...]]], list[tuple[Any, ...]]]


def kept_of_others(contracts: Contracts, folder: Path, specimen: ModuleType, records: list[bytes]) -> Kept:
    """Take the records into a new vault, and return what it keeps of everybody but ANA, with their shares."""
    source = contracts.sources[specimen.SOURCE]
    path = folder / "stability.duckdb"
    path.unlink(missing_ok=True)
    file = folder / specimen.FILE_NAME
    file.write_bytes(specimen.file(records))
    with vault_at(path) as vault:
        desk = Desk(vault, contracts, folder)
        desk.consents(*(granted(person, domain=source.id_domain) for person in (ANA, BEA, CAI)))
        assert balances(desk.take(specimen.SOURCE, file))
        rows = rows_by_pseudonym(vault)
        for person, source_no, total in query(
            vault,
            "SELECT pseudonym, source_no, total FROM questionnaire_total JOIN person USING (person_no) ORDER BY ALL",
        ):
            rows.setdefault(person, []).append((source_no, total))
        vault.fill_share("mood_bands", {"first_day": WEEK.first_day, "last_day": WEEK.last_day})
        shares = query(
            vault, "SELECT pseudonym, category_no, micro_persons FROM share JOIN person USING (person_no) ORDER BY ALL"
        )
    path.unlink()
    mine = pseudonym(ANA, source.id_domain)
    rows.pop(mine, None)
    return rows, [row for row in shares if row[0] != mine]


def test_formats_of_several_people_are_all_here() -> None:
    """No format that carries several people is left out."""
    assert {"generic", "fhir", "mpath", "mydatahelps", "openesm"} <= set(SEVERAL)


@pytest.fixture(scope="module", params=SEVERAL)
def alone(
    request: pytest.FixtureRequest, contracts: Contracts, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ModuleType, Kept]:
    """Return a format, and what is kept of the others when nobody else is in its file."""
    specimen = SEVERAL[request.param]
    found = kept_of_others(contracts, tmp_path_factory.mktemp("alone"), specimen, list(specimen.OTHERS))
    domain = contracts.sources[request.param].id_domain
    assert set(found[0]) == {pseudonym(person, domain) for person in (BEA, CAI)}
    assert found[1]
    return specimen, found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15)
@given(data=st.data())
def test_one_person_s_records_change_nobody_else_s(
    contracts: Contracts, tmp_path: Path, alone: tuple[ModuleType, Kept], data: st.DataObject
) -> None:
    """Malformed and colliding records, inserted anywhere, leave all others' rows and shares as they were."""
    specimen, of_others = alone
    records = list(specimen.OTHERS)
    places = st.tuples(st.integers(0, 9), st.sampled_from(specimen.ANYTHING))
    for place, record in data.draw(st.lists(places, min_size=1, max_size=8)):
        records.insert(place, record)
    assert kept_of_others(contracts, tmp_path, specimen, records) == of_others
