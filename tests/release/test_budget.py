"""What plans cost, and the caps."""

import itertools
import math
import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from analytics.contracts import MICRO, FrozenMeasure, Plan, RevisionReserve, read_plan, shipped_contracts
from analytics.errors import BudgetRefusedError, ContractRefusedError
from analytics.periods import MOST_IN_53_WEEKS, Cadence, Period, week_ordinal
from analytics.release.budget import (
    frozen_noise,
    frozen_product,
    lost_in_366_days,
    sensitivity,
    shares_of,
    solved,
    table_losses,
)
from analytics.release.caps import governing_cap, year_cap
from analytics.release.noise import loss_nano
from analytics.release.optimum import PARTS, in_parts
from analytics.release.plan_file import frozen_text
from analytics.store.chain import Entry
from analytics.store.charges import Charge, lost
from analytics.store.traces import Trace
from tests.support.bodies import entry_of
from tests.support.releases import GRID, PRODUCT, new_home, plan_of, unfrozen

PLANS = ("standard", "small")
CAP = 250_000_000
BASIS = ((90, 20, 0), (20, 90, 10), (0, 10, 99))
"""Of three categories, no identity."""


def altered(plan: Plan, **changes: Any) -> Plan:  # noqa: ANN401 -- fields of a frozen measure
    """Return the plan with other noise."""
    assert plan.frozen is not None
    frozen = plan.frozen[PRODUCT]["mood"].model_copy(update=changes)
    return plan.model_copy(update={"frozen": {PRODUCT: {"mood": frozen}}})


@pytest.mark.parametrize("name", PLANS)
def test_the_shipped_noise_is_what_the_shipped_plan_gives(name: str) -> None:
    """The frozen block of a shipped plan is the one that its plan is solved to, and solving again gives the same."""
    plan, grid = read_plan(shipped_contracts(), name)
    assert plan.frozen == solved(plan, grid) == solved(plan, grid)
    assert frozen_noise(plan, "the plan") == plan.frozen


@pytest.mark.parametrize("name", PLANS)
def test_any_smaller_noise_costs_more_than_is_allowed(name: str) -> None:
    """All losses fit a release's allowance, and one micro-person less of noise does not fit a table's part."""
    plan, grid = read_plan(shipped_contracts(), name)
    for product, measures in solved(plan, grid).items():
        declared = plan.products[product]
        assert lost_in_366_days(plan, declared, measures) <= declared.part_nano
        split = in_parts(shares_of(plan, grid, declared, {name: frozen.basis for name, frozen in measures.items()}))
        assert sum(map(sum, split)) <= PARTS
        for (measure, frozen), parts in zip(measures.items(), split, strict=True):
            d_in = sensitivity(frozen.basis)
            for sigma, part in zip(frozen.sigma.values(), parts, strict=True):
                allowed = declared.part_nano * part // (PARTS * plan.touches(declared, measure))
                assert loss_nano(d_in, sigma - 1) > allowed >= loss_nano(d_in, sigma)


def test_a_plan_with_unfitting_noise_is_refused() -> None:
    """Too little noise, a missing table, a basis that leaves a category open, or no noise at all end in exit 3."""
    plan = plan_of()
    assert plan.frozen is not None
    sigma = plan.frozen[PRODUCT]["mood"].sigma
    refused = [
        unfrozen(),
        plan.model_copy(update={"frozen": {}}),
        plan.model_copy(update={"frozen": {PRODUCT: {}}}),
        altered(plan, sigma={**sigma, "region": sigma["region"] - sigma["region"] // 100}),
        altered(plan, sigma={name: value for name, value in sigma.items() if name != "region"}),
        altered(plan, basis=((1, 0, 0), (0, 1, 0), (1, 1, 0))),
        altered(plan, basis=((1, 0, 0), (0, 1, 0))),
        altered(plan, basis=((1, 0), (0, 1))),
        altered(plan, basis=()),
        altered(plan, basis=((2000, 0, 0), (0, 1000, 0), (0, 0, 1000))),
    ]
    for one in refused:
        with pytest.raises(ContractRefusedError) as caught:
            frozen_noise(one, "release_plan.yaml")
        assert caught.value.exit_code == 3


def test_no_participant_moves_a_table_further_than_its_sensitivity() -> None:
    """For random integer bases the sensitivity is never passed by a participant, and one participant attains it."""
    rng = random.Random(1)
    for _ in range(300):
        rows, columns = rng.randint(1, 6), rng.randint(1, 5)
        basis = tuple(tuple(rng.randint(-100, 100) for _ in range(columns)) for _ in range(rows))

        def moved(vector: list[int], basis: tuple[tuple[int, ...], ...] = basis) -> int:
            return sum(sum(b * v for b, v in zip(row, vector, strict=True)) ** 2 for row in basis)

        d_in = sensitivity(basis)
        corners = [moved([MICRO * (place == column) for place in range(columns)]) for column in range(columns)]
        assert math.isqrt(max(corners) - 1) + 1 == d_in if max(corners) else d_in == 0
        for _ in range(20):
            cuts = sorted(rng.randint(0, MICRO) for _ in range(columns))
            assert moved([b - a for a, b in itertools.pairwise([0, *cuts])]) <= d_in**2
    assert sensitivity(((1, 0), (0, 1))) == MICRO


def test_freezing_keeps_the_plan_s_comments(tmp_path: Path) -> None:
    """Freezing replaces the block only, twice is once, and the file reads back as the same noise."""
    _, grid = read_plan(shipped_contracts(), "standard")
    for name in ("release_plan.yaml", "release_plan.small.yaml"):
        text = (shipped_contracts() / name).read_text()
        plan = Plan.model_validate(yaml.safe_load(text))
        again = frozen_text(text, solved(plan, grid))
        assert again == text == frozen_text(again, solved(plan, grid))
    bare = text.split("# Solved once")[0]
    path = tmp_path / "plan.yaml"
    path.write_text(frozen_text(bare, solved(plan, grid)))
    assert Plan.model_validate(yaml.safe_load(path.read_text())).frozen == plan.frozen


def test_freezing_leaves_every_other_byte() -> None:
    """A comment in any place, odd layout, keys after the block, and texts that look like the block all stay."""
    text = (
        "# frozen: not this\n"
        "name:   small   # why\n"
        "description: |\n"
        "  Two lines:\n"
        "  frozen: nor this\n"
        "display: { floor_people:  9,   # here\n"
        "   floor_noise_sds: 3.72 }\n"
    )
    measure = FrozenMeasure(basis=((1, 0), (0, 1)), sigma={"all": 7})
    solved_once = frozen_text(text, {"weekly": {"mood": measure}})
    assert solved_once.startswith(text)
    assert yaml.safe_load(solved_once)["frozen"] == {"weekly": {"mood": measure.model_dump(mode="json")}}
    later = solved_once + "\n# after the block\nlast: 1  # kept\n"
    again = frozen_text(later, {"weekly": {"mood": measure.model_copy(update={"sigma": {"all": 8}})}})
    assert again == later.replace("{all: 7}", "{all: 8}")
    assert again != later


@pytest.mark.parametrize("text", ["{name: small}", "- name", "", "name: [", "a: 1\n b: 2"])
def test_what_is_no_plan_s_layout_is_not_frozen(text: str) -> None:
    """A text without one key a line has no place for the block, and is left alone with a reason."""
    with pytest.raises(ContractRefusedError, match=r"plan\.yaml: .*one key a line"):
        frozen_text(text, {}, "plan.yaml")


def test_the_fullest_53_weeks_keep_the_cap() -> None:
    """From any start in thirty years, weekly, four-week and revised releases within 53 weeks cost at most the cap.

    Each year's 53 weeks hold all the revisions that the reserve allows, at the most that one may cost.
    """
    plan, revisions = plan_of(), 6
    parts: dict[Cadence, Decimal] = {"week": Decimal("0.15"), "four_weeks": Decimal("0.07")}
    products = {
        cadence: plan.products[PRODUCT].model_copy(update={"cadence": cadence, "part_rho": part})
        for cadence, part in parts.items()
    }
    reserve = RevisionReserve(part_rho=Decimal("0.03"), most_in_53_weeks=revisions)
    assert sum(one.part_rho for one in products.values()) + reserve.part_rho == plan.cap_rho
    ends: dict[Cadence, list[int]] = {}
    for cadence, product in products.items():
        period = Period.containing(date(2010, 1, 4), cadence)
        while period.iso_year <= 2041:
            ends.setdefault(product.cadence, []).append(week_ordinal(period.last_day))
            period = period.next
    first = week_ordinal(date(2010, 1, 4))
    fullest = {
        cadence: max(
            len([end for end in those if start <= end < start + 53]) for start in range(first, first + 30 * 53)
        )
        for cadence, those in ends.items()
    }
    assert fullest == MOST_IN_53_WEEKS == {"week": 53, "four_weeks": 14}
    losses = {
        cadence: sum(table_losses(product, frozen_product(plan, GRID, product, {"mood": BASIS})).values())
        for cadence, product in products.items()
    }
    spent_nano = sum(fullest[cadence] * loss for cadence, loss in losses.items()) + revisions * reserve.allowance_nano
    assert plan.cap_nano * 0.96 < spent_nano <= plan.cap_nano


def spent(week: str, loss: int, *, cap: int = CAP, policy: str = "1") -> Entry:
    """Return an entry as the caps look at it."""
    first, last = Period.parse(week).first_day, Period.parse(week).last_day
    body = {
        "product": PRODUCT,
        "period": week,
        "revision": 0,
        "loss_nano": loss,
        "cap_nano": cap,
        "charge_year": last.isocalendar().year,
        "last_week": week_ordinal(last),
        "policy_version": policy,
        "tables": [{"measure": "mood", "dimensions": [], "loss_nano": loss, "reads_from": first.isoformat()}],
    }
    return entry_of(body)


def asked(entries: list[Entry], week: str, loss: int, *, cap: int = CAP, policy: str = "1") -> int:
    """Ask for a draw of `week`."""
    last = Period.parse(week).last_day
    year, ordinal = last.isocalendar().year, week_ordinal(last)
    trace = Trace.of(Charge(PRODUCT, loss), ordinal, [(ordinal, loss)])
    return governing_cap(entries, trace=trace, year=year, plan_cap_nano=cap, policy_version=policy)


def test_a_year_never_costs_more_than_its_cap() -> None:
    """The last nano-rho of a year may be spent, one more is refused with exit 4."""
    entries = [spent("2024-W10", CAP - 5)]
    assert asked(entries, "2024-W20", 5) == CAP
    with pytest.raises(BudgetRefusedError) as caught:
        asked(entries, "2024-W20", 6)
    assert caught.value.exit_code == 4


def test_any_53_weeks_are_a_year() -> None:
    """Two halves of two years that lie within 53 weeks share one cap, before and after the asked week."""
    half = CAP // 2 + 1
    with pytest.raises(BudgetRefusedError, match="53 weeks"):
        asked([spent("2023-W50", half)], "2024-W20", half)
    with pytest.raises(BudgetRefusedError, match="53 weeks"):
        asked([spent("2024-W20", half)], "2023-W50", half)
    with pytest.raises(BudgetRefusedError, match="366 days of logging"):  # 54 weeks: a Sunday's 366 days touch both
        asked([spent("2023-W10", half)], "2024-W11", half)
    assert asked([spent("2023-W10", half)], "2024-W12", half) == CAP
    with pytest.raises(BudgetRefusedError, match="53 weeks"):
        asked([spent("2023-W10", half)], "2024-W10", half)


def test_a_cap_may_only_fall_within_its_year() -> None:
    """A lower cap governs from then on; a new policy's higher one holds from the next year."""
    entries = [spent("2024-W10", 10, cap=1000)]
    assert asked(entries, "2024-W11", 1, cap=500) == 500
    assert asked(entries, "2024-W11", 1, cap=2000, policy="2") == 1000
    assert year_cap([*entries, spent("2024-W11", 1, cap=500)], 2024, 2000) == 500
    assert asked(entries, "2026-W11", 1500, cap=2000, policy="2") == 2000


def test_a_higher_cap_needs_a_new_policy() -> None:
    """The same policy version cannot raise its cap, in any year."""
    for week in ("2024-W11", "2030-W11"):
        with pytest.raises(BudgetRefusedError, match="policy version"):
            asked([spent("2024-W10", 10, cap=1000)], week, 1, cap=1001)


def test_an_allowance_per_person_costs_the_dearest_so_many() -> None:
    """Of a product that counts a person twice in 53 weeks, whoever was in the two dearest releases lost the most.

    Another allowance, another product and releases without an allowance are added to that.
    """
    twice = [Charge("a", loss, 2) for loss in (5, 1, 4, 3)]
    assert lost(twice) == 9
    assert lost([*twice, Charge("a", 7, 1), Charge("b", 1, 2), Charge("a", 2), Charge("a", 2)]) == 9 + 7 + 1 + 4


def test_a_release_is_charged_to_the_iso_year_of_its_last_day(tmp_path: Path) -> None:
    """Week 53 of 2020 ends in January 2021 and is charged to 2020."""
    home = new_home(tmp_path)
    home.draw("2020-W53", "2021-W01")
    with home.open() as ledger:
        assert [entry.charge_year for entry in ledger.entries()] == [2020, 2021]
        assert [entry.body.spent_nano for entry in ledger.entries()] == [e.loss_nano for e in ledger.entries()]
    assert Period.parse("2020-W53").last_day == date(2021, 1, 3)


def test_a_frozen_measure_is_whole() -> None:
    """Noise of nothing cannot be declared."""
    with pytest.raises(ValueError, match="sigma"):
        FrozenMeasure.model_validate({"basis": [[1]], "sigma": {"all": 0}})
