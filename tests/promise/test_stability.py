"""One person's rows, whatever they are, are nobody else's affair."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.contracts import Contracts
from tests.support.people import (
    ANA,
    WEEK,
    Desk,
    Line,
    balances,
    pseudonym,
    query,
    rows_by_pseudonym,
    vault_at,
)
from tests.support.register_lines import ANYTHING, OTHERS

Kept = tuple[dict[bytes, list[tuple[Any, ...]]], list[tuple[Any, ...]]]


inserted = st.fixed_dictionaries(
    {
        kind: st.lists(st.tuples(st.integers(0, 9), st.sampled_from(lines)), max_size=6)
        for kind, lines in ANYTHING.items()
    }
)


def kept_of_others(contracts: Contracts, folder: Path, files: dict[str, list[Line]]) -> Kept:
    """Take the files into a new vault, and return what it keeps of everybody but ANA, with their shares."""
    path = folder / "stability.duckdb"
    path.unlink(missing_ok=True)
    with vault_at(path) as vault:
        desk = Desk(vault, contracts, folder)
        reports = (
            desk.consents(*files["consents"]),
            desk.participants(*files["participants"]),
            desk.entries(*files["entries"]),
        )
        assert all(balances(report) for report in reports)
        rows = rows_by_pseudonym(vault)
        vault.fill_share("mood_bands", {"first_day": WEEK.first_day, "last_day": WEEK.last_day})
        shares = query(
            vault, "SELECT pseudonym, category_no, micro_persons FROM share JOIN person USING (person_no) ORDER BY ALL"
        )
    path.unlink()
    rows.pop(pseudonym(ANA), None)
    return rows, [row for row in shares if row[0] != pseudonym(ANA)]


@pytest.fixture(scope="module")
def alone(contracts: Contracts, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Return what is kept of the others when nobody else is in the files."""
    return kept_of_others(
        contracts, tmp_path_factory.mktemp("alone"), {kind: list(rows) for kind, rows in OTHERS.items()}
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(lines=inserted)
def test_one_person_s_rows_change_nobody_else_s(
    contracts: Contracts, tmp_path: Path, alone: Kept, lines: dict[str, list[tuple[int, Line]]]
) -> None:
    """One person's rows, malformed and colliding ones too, inserted anywhere, leave all others' as they were."""
    files: dict[str, list[Line]] = {kind: list(rows) for kind, rows in OTHERS.items()}
    for kind, additions in lines.items():
        for place, line in additions:
            files[kind].insert(place, line)
    assert kept_of_others(contracts, tmp_path, files) == alone
