"""A year of logging: which releases read it, and what it costs by a plan."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from analytics.contracts import NANO, Plan, read_plan, shipped_contracts
from analytics.errors import ContractRefusedError
from analytics.periods import DAYS, Cadence, Period, most_touched, week_ordinal
from analytics.release.budget import frozen_noise, solved, table_losses
from analytics.vault.shares import parameters_of
from tests.support.releases import GRID, PRODUCT, unfrozen

PLANS = ("standard", "small")
BEGIN, END = date(2010, 1, 1), date(2040, 1, 1)
"""Thirty years, with a week 53 in 2015, 2020, 2026, 2032 and 2037."""


def every_period(cadence: Cadence, begin: date = BEGIN, end: date = END) -> list[Period]:
    """Return the periods from well before `begin` to well after `end`."""
    period, found = Period.containing(begin - timedelta(days=800), cadence), []
    while period.first_day < end + timedelta(days=1600):
        found.append(period)
        period = period.next
    return found


def every_window(begin: date = BEGIN, end: date = END) -> Iterator[tuple[date, date]]:
    """Return each 366 consecutive days that begin from `begin` to `end`."""
    for number in range((end - begin).days):
        yield begin + timedelta(days=number), begin + timedelta(days=number + 365)


@pytest.mark.parametrize("weeks", [0, 1, 3, 4, 5, 8, 16, 104])
@pytest.mark.parametrize("cadence", ["week", "four_weeks"])
def test_no_366_days_touch_more_releases_than_is_said_and_some_touch_as_many(cadence: Cadence, weeks: int) -> None:
    """Counted day by day from every day of thirty years, periods of 35 days among them."""
    spans = [(one.first_day - timedelta(weeks=weeks), one.last_day) for one in every_period(cadence)]
    most, low = 0, 0
    for first, last in every_window():
        while spans[low][1] < first:
            low += 1
        high = low
        while spans[high][0] <= last:
            high += 1
        most = max(most, high - low)
    assert most == most_touched(cadence, weeks)


def test_a_year_of_logging_touches_54_weeks_and_15_four_weeks() -> None:
    """54 weekly releases, 15 four-weekly ones, 17 with eight weeks' look-back."""
    assert [most_touched("week"), most_touched("four_weeks"), most_touched("four_weeks", 8)] == [54, 15, 17]


@pytest.mark.parametrize(("cadence", "weeks"), [("week", 0), ("week", 8), ("four_weeks", 0), ("four_weeks", 16)])
def test_an_allowance_bounds_a_year_of_logging_by_each_run_of_53_weeks(cadence: Cadence, weeks: int) -> None:
    """Whoever counts in so many releases of any 53 weeks, counts in no more of those that 366 days touch.

    Greedily counted (first come) from every touched release on: nothing puts more into the days. Dropping an early
    count may let later ones in, so the greedy count begins at each of the first ones.
    """
    begin, end = date(2014, 1, 1), date(2017, 1, 1)
    ends = [(week_ordinal(one.last_day), one) for one in every_period(cadence, begin, end)]
    for most in (1, 2, 5, 13, 26, 60):
        bound = most_touched(cadence, weeks, most)
        assert bound <= most_touched(cadence, weeks)
        reached = 0
        for first, last in list(every_window(begin, end))[::11]:
            touched = [
                week for week, one in ends if one.last_day >= first and one.first_day - timedelta(weeks=weeks) <= last
            ]
            for skipped in range(3):
                counted: list[int] = []
                for week in touched[skipped:]:
                    if sum(week - one <= 52 for one in counted) < most:
                        counted.append(week)
                reached = max(reached, len(counted))
        assert reached <= bound, (most, reached, bound)
        assert reached >= min(bound, most), (most, reached, bound)


@pytest.mark.parametrize("name", PLANS)
def test_the_fullest_366_days_keep_the_cap(name: str) -> None:
    """From any day in thirty years, all that reads a day of 366 costs at most the cap, and nearly all of it.

    Added up by dates, from the plan's own losses; the reserve for revisions counts whole.
    """
    plan, _ = read_plan(shipped_contracts(), name)
    fullest = 0
    steps: dict[int, int] = {}
    for product, period, table_loss in released(plan):
        for measure, loss in table_loss:
            reads_from = period.first_day - timedelta(weeks=plan.measures[measure].looks_back_weeks)
            # Windows [s, s + 365] that meet [reads_from, last_day]: s from reads_from - 365 to last_day.
            begin, end = reads_from.toordinal() - 365, period.last_day.toordinal()
            steps[begin] = steps.get(begin, 0) + loss
            steps[end + 1] = steps.get(end + 1, 0) - loss
        assert product in plan.products
    running = 0
    for day in sorted(steps):
        running += steps[day]
        fullest = max(fullest, running)
    reserve = int(plan.revision_reserve.part_rho * NANO)
    assert plan.cap_nano * 0.99 < fullest + reserve <= plan.cap_nano


def released(plan: Plan) -> Iterator[tuple[str, Period, list[tuple[str, int]]]]:
    """Yield every release of thirty years with (measure, loss) of its tables."""
    for name, product in plan.products.items():
        losses = table_losses(product, (plan.frozen or {})[name])
        result = [(measure, loss) for (measure, _), loss in losses.items()]
        for period in every_period(product.cadence):
            yield name, period, result


@pytest.mark.parametrize("name", PLANS)
def test_no_measure_reads_before_the_day_that_its_entry_says(name: str) -> None:
    """No date that a measure's SQL may ask for is earlier, in periods of 35 days and after them, too."""
    plan, _ = read_plan(shipped_contracts(), name)
    for product in plan.products.values():
        for period in every_period(product.cadence):
            for measure in product.tables:
                result = parameters_of(plan.measures[measure], period)
                days = [value for value in result.values() if isinstance(value, date)]
                assert min(days) >= plan.reads_from(measure, period)
                assert max(days) == period.last_day


def test_every_measure_s_sql_is_bounded_by_its_days() -> None:
    """Each file reads entries once, between one of the days that it may ask for and the period's last."""
    folder = shipped_contracts().parent / "analytics/vault/sql/shares"
    for file in folder.glob("*.sql"):
        text = file.read_text("utf-8")
        reads = text.count("FROM logged_day") + text.count("FROM consented_entry")
        bounds = [f"WHERE local_date BETWEEN ${day} AND $last_day" for day in ("first_day", "previous_first_day")]
        found = sum(text.count(bound) for bound in [*bounds, "WHERE local_date BETWEEN $since_day AND $last_day"])
        assert reads == found > 0, file.name


def plan_with(back: dict[str, int], *, cadence: Cadence = "week", cap: float = 0.25, most: int | None = None) -> Plan:
    """Return a frozen plan of one product with measures that look back so many weeks."""
    plan = unfrozen(cap=cap, cadence=cadence)
    mood = plan.measures["mood"]
    measures = {name: mood.model_copy(update={"looks_back_weeks": weeks}) for name, weeks in back.items()}
    product = plan.products[PRODUCT].model_copy(
        update={"tables": dict.fromkeys(back, ((), ("region",))), "most_releases_per_person": most}
    )
    plan = plan.model_copy(update={"measures": measures, "products": {PRODUCT: product}})
    return plan.model_copy(update={"frozen": solved(plan, GRID)})


def test_only_measures_that_look_back_pay_for_it() -> None:
    """Of two measures that are alike, the one that looks back gets more noise, and both together fit the part."""
    plan = plan_with({"here": 0, "back": 16}, cadence="four_weeks")
    frozen = frozen_noise(plan, "the plan")[PRODUCT]
    ratio = (frozen["back"].sigma["all"] / frozen["here"].sigma["all"]) ** 2
    # The variance is the touches over the split's share, which grows with the root of the touches: 19 against 15.
    assert ratio == pytest.approx((19 / 15) ** 0.5, rel=2e-3)
    alone = plan_with({"here": 0, "back": 0}, cadence="four_weeks")
    before = frozen_noise(alone, "the plan")[PRODUCT]["here"].sigma["all"]
    assert frozen["here"].sigma["all"] < before * 1.07


def test_noise_for_fewer_touches_is_refused_with_what_to_do() -> None:
    """A plan frozen for 53 weeks, as they once were, costs 54 of its allowances for a year of logging."""
    plan = plan_with({"here": 0})
    few = plan.products[PRODUCT].model_copy(update={"part_rho": plan.products[PRODUCT].part_rho * 54 / 53})
    frozen = solved(plan.model_copy(update={"products": {PRODUCT: few}}), GRID)
    with pytest.raises(ContractRefusedError, match=r"366 days of logging.*run `murmuration plan --freeze`"):
        frozen_noise(plan.model_copy(update={"frozen": frozen}), "the plan")


def test_a_reserve_for_revisions_is_inside_the_cap() -> None:
    """So many revisions of any kind cost at most the reserve, whatever 366 days they are read for."""
    reserve = unfrozen().revision_reserve.model_copy(update={"part_rho": Decimal("0.03"), "most_in_53_weeks": 7})
    assert reserve.allowance_nano * 7 <= Decimal("0.03") * NANO < (reserve.allowance_nano + 1) * 7


def test_a_week_is_seven_days_of_every_cadence() -> None:
    """The count of touched releases is in weeks: periods are whole weeks, and none is shorter than `DAYS`."""
    for cadence in ("week", "four_weeks"):
        lengths = {(one.last_day - one.first_day).days + 1 for one in every_period(cadence)}
        assert min(lengths) == DAYS[cadence]
        assert not [one for one in lengths if one % 7]
        assert {one.first_day.isoweekday() for one in every_period(cadence)} == {1}
