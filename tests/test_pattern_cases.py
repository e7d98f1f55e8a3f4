"""Each pattern measure at its edges: a few entries, what they give, and the reason beside each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import time

import pytest

from analytics.contracts import Contracts, Measure
from analytics.periods import Period
from analytics.vault.store import Vault
from tests.diaries import days_after, drawn, expected, keep
from tests.pattern_oracle import MEASURES, Noted
from tests.people import vault_at

MICRO = 1_000_000

SPRING = Period.parse("2026-P05")
"""20 April to 17 May: days 0 to 27; the period before is days -28 to -1."""
LONG = Period.parse("2020-P13")
"""Weeks 49 to 53: days 0 to 34, the last of them 3 January 2021."""
AFTER_LONG = Period.parse("2021-P01")
"""The period before is five weeks: days -35 to -1."""


@dataclass(frozen=True)
class On:
    """One entry: days after the period's first, and points from 0 to 100."""

    day: int
    points: float = 50
    at: str = ""
    part: int | None = None
    daily: bool = False
    factors: str = ""
    sleep: float | None = None
    source: str = "canonical"

    def noted(self, period: Period) -> Noted:
        """Return the entry as the vault keeps it."""
        return Noted(
            day=days_after(period.first_day, self.day),
            score=round(self.points * 1000),
            clock=time.fromisoformat(self.at) if self.at else None,
            part=self.part,
            daily=self.daily,
            factors=frozenset(self.factors.split()),
            sleep=None if self.sleep is None else round(self.sleep * 1000),
            source=self.source,
        )


@dataclass(frozen=True)
class Case:
    """One person's entries, what a measure makes of them, and why."""

    measure: str
    why: str
    entries: list[On]
    gives: dict[str, int]
    period: Period = SPRING


def on(days: Iterable[int], points: float = 50, factors: str = "") -> list[On]:
    """Return one entry on each of these days."""
    return [On(day, points, factors=factors) for day in days]


def whole(category: str) -> dict[str, int]:
    """Return one whole unit in a category."""
    return {category: MICRO}


def turns(*points: float, first: int = 0) -> list[On]:
    """Return consecutive days with these points."""
    return [On(first + number, value) for number, value in enumerate(points)]


def at_clock(*clocks: str, points: float, first: int = 0) -> list[On]:
    """Return an entry at each of these times, all on one day."""
    return [On(first, points, at) for at in clocks]


def slept(*hours: float | None) -> list[On]:
    """Return consecutive days that tell so many hours of sleep."""
    return [On(number, sleep=told) for number, told in enumerate(hours)]


PERSISTENTLY, NOT_PERSISTENTLY = whole("persistently_low"), whole("not_persistently_low")
NOBODY: dict[str, int] = {}

PERSISTENCE = [
    Case("persistence", "low in three weeks of four", [*on([0, 7, 14], 30), On(21, 60)], PERSISTENTLY),
    Case("persistence", "low in two weeks of four", [*on([0, 7], 30), *on([14, 21], 60)], NOT_PERSISTENTLY),
    Case("persistence", "three weeks are enough, all of them low", on([0, 7, 14], 30), PERSISTENTLY),
    Case("persistence", "three weeks, two of them low", [*on([0, 7], 30), On(14, 60)], NOT_PERSISTENTLY),
    Case("persistence", "two weeks are too few", on([0, 7], 30), NOBODY),
    Case("persistence", "Monday and Sunday are one week, so these are two", on([0, 6, 7], 30), NOBODY),
    Case("persistence", "exactly 37.5 is not low", on([0, 7, 14], 37.5), NOT_PERSISTENTLY),
    Case("persistence", "just under 37.5 is low", on([0, 7, 14], 37.499), PERSISTENTLY),
    Case(
        "persistence",
        "the last week's days have a mean of 40, though its entries have one under 37.5",
        [*on([0, 7], 30), *on([14, 14, 14], 20), On(15, 60)],
        NOT_PERSISTENTLY,
    ),
    Case("persistence", "the Monday eight weeks before is read", on([-56, -49, 0], 30), PERSISTENTLY),
    Case("persistence", "the Sunday before that is not", on([-57, -49, 0], 30), NOBODY),
    Case("persistence", "no entry in the period", on([-21, -14, -7], 30), NOBODY),
    Case(
        "persistence",
        "low weeks before the latest four logged ones do not count",
        [*on([-21, -14, -7], 30), *on([0, 7, 14, 21], 60)],
        NOT_PERSISTENTLY,
    ),
    Case(
        "persistence",
        "the latest four logged weeks may lie far apart",
        [On(-56, 90), On(-49, 60), *on([-35, -14, 27], 30)],
        PERSISTENTLY,
    ),
    Case("persistence", "a day after the period is not read", [*on([0, 7], 30), On(28, 30)], NOBODY),
    Case("persistence", "the Sunday of week 53 is read", on([0, 7, 34], 30), PERSISTENTLY, LONG),
    Case(
        "persistence",
        "of five weeks the latest four count",
        [*on([0, 7, 21], 30), *on([14, 28], 60)],
        NOT_PERSISTENTLY,
        LONG,
    ),
    Case("persistence", "weeks go on over the end of the year", on([-14, -1, 0], 30), PERSISTENTLY, AFTER_LONG),
]

WELL_BEFORE, LOW_BEFORE = on([-3, -2, -1], 60), on([-3, -2, -1], 30)
WELL_NOW, LOW_NOW = on([0, 1, 2], 60), on([0, 1, 2], 30)

TRANSITIONS = [
    Case("transitions", "well, then low", [*WELL_BEFORE, *LOW_NOW], whole("newly_low")),
    Case("transitions", "low, then well", [*LOW_BEFORE, *WELL_NOW], whole("recovering")),
    Case("transitions", "low twice", [*LOW_BEFORE, *LOW_NOW], whole("staying_low")),
    Case("transitions", "well twice", [*WELL_BEFORE, *WELL_NOW], whole("staying_well")),
    Case(
        "transitions",
        "37.5 before was not low, just under it now is",
        [*on([-28, -14, -1], 37.5), *on([0, 13, 27], 37.499)],
        whole("newly_low"),
    ),
    Case("transitions", "two days before are too few", [*LOW_BEFORE[1:], *LOW_NOW], NOBODY),
    Case("transitions", "two days now are too few, with however many entries", [*LOW_BEFORE, *on([0, 1, 1])], NOBODY),
    Case("transitions", "a day before the period before is not read", [*on([-29, -2, -1]), *LOW_NOW], NOBODY),
    Case("transitions", "a day after the period is not read", [*LOW_BEFORE, *on([0, 27, 28])], NOBODY),
    Case(
        "transitions",
        "days weigh alike: a mean of 40, though the entries have one of 30",
        [*WELL_BEFORE, *on([0, 0, 0, 1, 1, 1], 25), On(2, 70)],
        whole("staying_well"),
    ),
    Case(
        "transitions",
        "a day's score is kept to the nearest thousandth, a half rounded up: 37.4995 is 37.5",
        [*WELL_BEFORE, *on([0, 1, 2], 37.499), *on([0, 1, 2], 37.5)],
        whole("staying_well"),
    ),
    Case(
        "transitions",
        "the period before is five weeks after a week 53",
        [*on([-35, -34, -33], 30), *WELL_NOW],
        whole("recovering"),
        AFTER_LONG,
    ),
    Case("transitions", "and not six", [*on([-36, -34, -33], 30), *WELL_NOW], NOBODY, AFTER_LONG),
    Case("transitions", "week 53 is in the period", [*LOW_BEFORE, *on([32, 33, 34])], whole("recovering"), LONG),
]

CHANGE = [
    Case("change", "5 points up are better", [*on([-3, -2, -1]), *on([0, 1, 2], 55)], whole("better")),
    Case("change", "4.999 points up are not", [*on([-3, -2, -1]), *on([0, 1, 2], 54.999)], whole("same")),
    Case("change", "5 points down are worse", [*on([-3, -2, -1]), *on([0, 1, 2], 45)], whole("worse")),
    Case("change", "4.999 points down are not", [*on([-3, -2, -1]), *on([0, 1, 2], 45.001)], whole("same")),
    Case(
        "change",
        "means are exact: four days, one a thousandth short of 5 points",
        [*on([-3, -2, -1]), *on([0, 1, 2], 55), On(3, 54.999)],
        whole("same"),
    ),
    Case("change", "low throughout and yet better", [*on([-3, -2, -1], 0), *on([0, 1, 2], 5)], whole("better")),
    Case("change", "two days before are too few", [*on([-2, -1], 0), *on([0, 1, 2], 90)], NOBODY),
    Case("change", "two days now are too few", [*on([-3, -2, -1], 0), *on([0, 1], 90)], NOBODY),
    Case("change", "the period before the last is not read", [*on([-29, -2, -1], 0), *on([0, 1, 2], 90)], NOBODY),
]

STEADINESS = [
    Case("steadiness", "always the same", turns(50, 50, 50, 50, 50, 50), whole("steady")),
    Case("steadiness", "just under 10", turns(50, 59.999, 50, 59.999, 50, 59.999), whole("steady")),
    Case("steadiness", "exactly 10 is between", turns(50, 60, 50, 60, 50, 60), whole("between")),
    Case("steadiness", "just under 20", turns(50, 69.999, 50, 69.999, 50, 69.999), whole("between")),
    Case("steadiness", "exactly 20 is changeable", turns(50, 70, 50, 70, 50, 70), whole("changeable")),
    Case("steadiness", "squares: one jump of 25 in five is 11.2", turns(50, 50, 50, 50, 50, 75), whole("between")),
    Case("steadiness", "four pairs are too few", turns(50, 50, 50, 50, 50), NOBODY),
    Case(
        "steadiness",
        "a jump over a gap is not a change from day to day",
        [*turns(20, 20, 20, 20), *turns(80, 80, 80, first=5)],
        whole("steady"),
    ),
    Case("steadiness", "a pair over the period's first day does not count", turns(*[50] * 6, first=-1), NOBODY),
    Case("steadiness", "nor over its last", turns(*[50] * 6, first=23), NOBODY),
    Case(
        "steadiness",
        "the mean of a day's entries changes, not the entries",
        [*turns(50, 50, 50, 50, 50), On(5, 0), On(5, 100)],
        whole("steady"),
    ),
]

SEVENTH = MICRO // 7
EVEN_WEEK = {f"{name}_not_below": SEVENTH for name in ("tuesday", "wednesday", "thursday", "friday", "saturday")}

WEEKDAYS = [
    Case(
        "weekday_rhythm",
        "a low Monday",
        turns(20, 60, 60, 60, 60, 60, 60),
        {"monday_below": SEVENTH, **EVEN_WEEK, "sunday_not_below": SEVENTH},
    ),
    Case(
        "weekday_rhythm",
        "who always says the same is never below their own mean",
        turns(*[30] * 7),
        {"monday_not_below": SEVENTH, **EVEN_WEEK, "sunday_not_below": SEVENTH},
    ),
    Case("weekday_rhythm", "six days are too few", turns(*[30] * 6), NOBODY),
    Case("weekday_rhythm", "three weekdays are too few", on([0, 1, 2, 7, 8, 9, 14]), NOBODY),
    Case(
        "weekday_rhythm",
        "four weekdays are enough; a weekday counts as often as it was logged",
        [*on([0, 1, 2, 7, 8], 60), On(9, 40), On(3, 50)],
        {
            "monday_not_below": 2 * MICRO // 7,
            "tuesday_not_below": 2 * MICRO // 7,
            "wednesday_not_below": SEVENTH,
            "wednesday_below": SEVENTH,
            "thursday_below": SEVENTH,
        },
    ),
    Case(
        "weekday_rhythm",
        "a day on the own mean is not below it; days of other periods do not move it",
        [On(-1, 0), *turns(50, 40, 60, 50, 50, 50, 50), On(28, 100)],
        {"monday_not_below": SEVENTH, "tuesday_below": SEVENTH}
        | {name: share for name, share in EVEN_WEEK.items() if not name.startswith("tuesday")}
        | {"sunday_not_below": SEVENTH},
    ),
    Case("weekday_rhythm", "days of other periods do not make seven", on([-1, 0, 1, 2, 3, 4, 5, 28]), NOBODY),
]

DAY_PARTS = [
    Case(
        "day_part_rhythm",
        "better mornings than evenings",
        [one for day in range(3) for one in (On(day, 60, "08:00"), On(day, 40, "20:00"))],
        {"morning_not_below": MICRO // 2, "evening_below": MICRO // 2},
    ),
    Case(
        "day_part_rhythm",
        "parts begin at 0, 6, 12 and 18 o'clock",
        [
            *at_clock("06:00", "12:00", "18:00", points=60, first=0),
            *at_clock("00:00", "05:59:59", points=60, first=1),  # one part of one day: one vote
            *at_clock("11:59:59.999999", "17:59", "23:59:59", points=60, first=1),
        ],
        {
            "night_not_below": SEVENTH,
            "morning_not_below": 2 * MICRO // 7,
            "afternoon_not_below": 2 * MICRO // 7,
            "evening_not_below": 2 * MICRO // 7,
        },
    ),
    Case(
        "day_part_rhythm",
        "two entries of one part are one vote with their mean, which is the own mean here",
        [On(0, 0, "08:00"), On(0, 100, "09:00"), *(On(day, 50, "13:00") for day in range(5))],
        {"morning_not_below": MICRO // 6, "afternoon_not_below": 5 * MICRO // 6},
    ),
    Case(
        "day_part_rhythm",
        "a part's score is kept to the nearest thousandth, too: 49.9995 is not below 50",
        [On(0, 49.999, "08:00"), On(0, 50, "09:00"), *(On(day, 50, "13:00") for day in range(5))],
        {"morning_not_below": MICRO // 6, "afternoon_not_below": 5 * MICRO // 6},
    ),
    Case(
        "day_part_rhythm",
        "five parts are too few",
        [*at_clock("01:00", "08:00", "08:30", "13:00", points=50), *at_clock("01:00", "08:00", points=50, first=1)],
        NOBODY,
    ),
    Case("day_part_rhythm", "one kind of part is too few", [On(day, 50, "08:00") for day in range(9)], NOBODY),
    Case(
        "day_part_rhythm",
        "reports of the whole day do not count, with a clock time or without",
        [On(day, 50, "08:00") for day in range(5)]
        + [On(day, 50, "20:00", daily=True) for day in range(5)]
        + [On(day, 50, daily=True) for day in range(5)],
        NOBODY,
    ),
    Case(
        "day_part_rhythm",
        "nor do they move the own mean",
        [On(day, 50, "08:00") for day in range(5)] + [On(0, 50, "20:00"), On(1, 100, "21:00", daily=True)],
        {"morning_not_below": 5 * MICRO // 6, "evening_not_below": MICRO // 6},
    ),
    Case(
        "day_part_rhythm",
        "without a clock time the told part counts; without either nothing does",
        [On(day, 50, part=0) for day in range(5)] + [On(0, 40, part=3), On(1, 0)],
        {"night_not_below": 5 * MICRO // 6, "evening_below": MICRO // 6},
    ),
    Case(
        "day_part_rhythm",
        "an entry before the period and one after it do not make six",
        [On(day, 50, "08:00") for day in (-1, 0, 1, 2, 3, 28)] + [On(0, 50, "20:00")],
        NOBODY,
    ),
]


def beside(higher: float, lower: float = 50, factor: str = "work") -> list[On]:
    """Return three days with a factor and three days without it."""
    return [*on([0, 2, 4], higher, factor), *on([1, 3, 5], lower)]


FACTORS = [
    Case("factors", "5 points up", beside(55), whole("work_higher")),
    Case("factors", "4.999 points up are no difference", beside(54.999), whole("work_same")),
    Case("factors", "5 points down", beside(45, factor="poor_sleep"), whole("poor_sleep_lower")),
    Case("factors", "4.999 points down are no difference", beside(45.001), whole("work_same")),
    Case("factors", "two days with it are too few", [*on([0, 2], 90, "work"), *on([1, 3, 5])], NOBODY),
    Case("factors", "two days without it are too few", [*on([0, 2, 4], 90, "work"), *on([1, 3])], NOBODY),
    Case("factors", "days of other periods do not count", [*on([-1, 2, 4], 90, "work"), *on([1, 3, 5, 28])], NOBODY),
    Case("factors", "a factor off the list", beside(90, factor="travel"), NOBODY),
    Case(
        "factors",
        "a factor off the list takes no part of the unit",
        beside(90, factor="travel work"),
        whole("work_higher"),
    ),
    Case(
        "factors",
        "three factors share the unit, and one with too few days does not",
        [*on([0, 2, 4], 90, "work family friends"), On(1, 50, factors="money"), *on([3, 5])],
        {"work_higher": MICRO // 3, "family_higher": MICRO // 3, "friends_higher": MICRO // 3},
    ),
    Case(
        "factors",
        "a factor of one entry is its whole day's, whose score is that of all its entries",
        [*on([0, 2, 4], 100, "work"), *on([0, 2, 4], 0), *on([1, 3, 5])],
        whole("work_same"),
    ),
]

SLEEP = [
    Case(
        "short_sleep",
        "just under 6 hours, 6, and just under 9",
        slept(5.999, 6, 8.999),
        {"short": 333_333, "usual": 666_666},
    ),
    Case("short_sleep", "9 hours are long", slept(9, 9, 24), whole("long")),
    Case("short_sleep", "no sleep at all is told, and short", slept(0, 0, 0), whole("short")),
    Case("short_sleep", "two days are too few", slept(5, 5), NOBODY),
    Case(
        "short_sleep",
        "days that do not tell do not count",
        slept(5, None, None, 5, None, 7),
        {"short": 666_666, "usual": 333_333},
    ),
    Case("short_sleep", "days that do not tell do not make three", slept(5, None, 5), NOBODY),
    Case(
        "short_sleep",
        "the longest of a day counts",
        [*slept(4, 4, 4), On(0, sleep=7), On(1)],
        {"short": 666_666, "usual": 333_333},
    ),
    Case("short_sleep", "days of other periods do not count", [On(day, sleep=5) for day in (-1, 0, 27, 28)], NOBODY),
]

ATTENDANCE = [
    Case("attendance", "the first entry ever", on([0]), whole("new")),
    Case("attendance", "16 weeks before is seen", on([-112, 0]), whole("returning")),
    Case("attendance", "a day earlier is not", on([-113, 0]), whole("new")),
    Case("attendance", "a whole period away", on([-29, 27]), whole("returning")),
    Case("attendance", "the first day of the period before", on([-28, 0]), whole("staying")),
    Case(
        "attendance", "the last day of the period before, whatever lies before it", on([-99, -1, 0]), whole("staying")
    ),
    Case("attendance", "only before", on([-28]), whole("lapsed")),
    Case("attendance", "only long before", on([-29]), NOBODY),
    Case("attendance", "back only after the period", on([-1, 28]), whole("lapsed")),
    Case("attendance", "only after the period", on([28]), NOBODY),
    Case("attendance", "five weeks before, after a week 53", on([-35, 0]), whole("staying"), AFTER_LONG),
    Case("attendance", "a day more is a whole period away", on([-36, 0]), whole("returning"), AFTER_LONG),
    Case("attendance", "week 53 only", on([34]), whole("new"), LONG),
    Case("attendance", "the period before week 53's is four weeks", on([-29, 0]), whole("returning"), LONG),
]

DAYS = [
    Case("days_logged", "one day, two entries", on([0, 0]), whole("one")),
    Case("days_logged", "two days, the period's first and last", on([-1, 0, 27, 28]), whole("some")),
    Case("days_logged", "7 days", on(range(7)), whole("some")),
    Case("days_logged", "8 days", on(range(8)), whole("many")),
    Case("days_logged", "19 days", on(range(19)), whole("many")),
    Case("days_logged", "20 days", on(range(20)), whole("most")),
    Case("days_logged", "no day", on([-1, 28]), NOBODY),
    Case("days_logged", "all of week 53", on(range(28, 36)), whole("some"), LONG),
]

SOURCES = [
    Case("source_mix", "a source without a name here", [On(0, source="covidaffect")], whole("other")),
    Case(
        "source_mix",
        "two sources on one day are two votes",
        [On(0), On(0, source="fhir")],
        {"canonical": MICRO // 2, "fhir": MICRO // 2},
    ),
    Case(
        "source_mix",
        "two entries of a source and day are one vote, two unnamed sources are two",
        [On(0), On(0), On(0, source="pmsys"), On(0, source="openesm")],
        {"canonical": MICRO // 3, "other": 2 * MICRO // 3},
    ),
    Case("source_mix", "other periods' days do not count", [On(-1), On(28), On(0, source="mpath")], whole("mpath")),
    Case("source_mix", "no entry in the period", on([-1, 28]), NOBODY),
]

CASES = [
    *PERSISTENCE,
    *TRANSITIONS,
    *CHANGE,
    *STEADINESS,
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


def asked_of(contracts: Contracts, measure: str) -> Measure:
    """Return a measure of the shipped plan with the cases' numbers."""
    declared = contracts.plan.measures[measure]
    return declared.model_copy(update={"parameters": declared.parameters | FEWER.get(measure, {})})


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """Return one vault with every case's person, by the case's number."""
    with vault_at(tmp_path_factory.mktemp("cases") / "vault.duckdb") as vault:
        keep(vault, {no: [one.noted(case.period) for one in case.entries] for no, case in enumerate(CASES)})
        yield vault


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_at_its_edges(together: Vault, contracts: Contracts, measure: str) -> None:
    """The vault's SQL gives each person what the case says, neither more nor less."""
    declared = asked_of(contracts, measure)
    cases = [(number, case) for number, case in enumerate(CASES) if case.measure == measure]
    found = {period: drawn(together, measure, declared, period) for period in (SPRING, LONG, AFTER_LONG)}
    wrong = [case.why for number, case in cases if found[case.period].get(number, {}) != case.gives]
    assert not wrong
    assert cases


@pytest.mark.parametrize("case", CASES, ids=[f"{case.measure}-{case.why}" for case in CASES])
def test_the_oracle_at_its_edges(contracts: Contracts, case: Case) -> None:
    """The oracle gives what the case says."""
    declared = asked_of(contracts, case.measure)
    noted = [one.noted(case.period) for one in case.entries]
    assert expected(case.measure, declared, case.period, noted) == case.gives
