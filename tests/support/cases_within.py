"""Cases of the measures that look at how a person's days of one period differ, and where they come from."""

from tests.support.pattern_days import MICRO, NOBODY, Case, On, at_clock, on, slept, turns, whole

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
        "without a clock time the recorded part counts; without either nothing does",
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
    Case("short_sleep", "no sleep at all is recorded, and short", slept(0, 0, 0), whole("short")),
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
