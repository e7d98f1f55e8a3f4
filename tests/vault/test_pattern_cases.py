"""Each pattern measure at its edges: a few entries, what they give, and the reason beside each."""

from collections.abc import Iterator

import pytest

from analytics.contracts import Contracts, Measure
from analytics.vault.database import Vault
from tests.support.cases_extremes import CLEAREST, DAY_PART_EXTREMES, WEEKDAY_EXTREMES
from tests.support.cases_over_time import ATTENDANCE, CHANGE, DAYS, PERSISTENCE, STEADINESS, TRANSITIONS
from tests.support.cases_within import DAY_PARTS, FACTORS, SLEEP, SOURCES, WEEKDAYS
from tests.support.diaries import drawn, expected, keep
from tests.support.earlier import earlier_contracts
from tests.support.pattern_days import AFTER_LONG, LONG, SPRING, Case
from tests.support.pattern_oracle import EARLIER, MEASURES
from tests.support.people import vault_at

CASES = [
    *PERSISTENCE,
    *TRANSITIONS,
    *CHANGE,
    *STEADINESS,
    *WEEKDAY_EXTREMES,
    *DAY_PART_EXTREMES,
    *CLEAREST,
    *WEEKDAYS,
    *DAY_PARTS,
    *FACTORS,
    *SLEEP,
    *ATTENDANCE,
    *DAYS,
    *SOURCES,
]


FEWER = {
    "transitions": {"least_days": 3},
    "change": {"least_days": 3},
    "steadiness": {"least_pairs": 5},
    "factors": {"least_days": 3},
}
"""The edges are the same with fewer days than the shipped plan asks for, and shorter to write."""


def declared_measure(contracts: Contracts, measure: str) -> Measure:
    """Return a measure of the shipped plan with the cases' numbers."""
    plan = earlier_contracts().plan if measure in EARLIER else contracts.plan
    declared = plan.measures[measure]
    return declared.model_copy(update={"parameters": declared.parameters | FEWER.get(measure, {})})


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """Return one vault with every case's person, by the case's number."""
    with vault_at(tmp_path_factory.mktemp("cases") / "vault.duckdb") as vault:
        keep(vault, {no: [one.noted(case.period) for one in case.entries] for no, case in enumerate(CASES)})
        yield vault


@pytest.mark.parametrize("measure", [*MEASURES, *EARLIER])
def test_a_measure_at_its_edges(together: Vault, contracts: Contracts, measure: str) -> None:
    """The vault's SQL gives each person what the case says, neither more nor less."""
    declared = declared_measure(contracts, measure)
    cases = [(number, case) for number, case in enumerate(CASES) if case.measure == measure]
    found = {period: drawn(together, measure, declared, period) for period in (SPRING, LONG, AFTER_LONG)}
    wrong = [case.why for number, case in cases if found[case.period].get(number, {}) != case.gives]
    assert not wrong
    assert cases


@pytest.mark.parametrize("case", CASES, ids=[f"{case.measure}-{case.why}" for case in CASES])
def test_the_oracle_at_its_edges(contracts: Contracts, case: Case) -> None:
    """The oracle gives what the case says."""
    declared = declared_measure(contracts, case.measure)
    noted = [one.noted(case.period) for one in case.entries]
    assert expected(case.measure, declared, case.period, noted) == case.gives
