"""Cases of the measures that ask which weekday, part of the day or factor goes with a person's worst and best days."""

from tests.support.pattern_days import LONG, MICRO, NOBODY, Case, On, on, turns, whole

WEEKDAY = "weekday_extremes"
PART = "day_part_extremes"
FACTOR = "clearest_factor"


def parts(*points: float, first: int = 0) -> list[On]:
    """Return one day with an entry in the night, the morning, the afternoon and the evening."""
    return [On(first, value, at) for value, at in zip(points, ("03:00", "09:00", "15:00", "21:00"), strict=False)]


def against(with_it: list[float], without: list[float], factor: str = "work") -> list[On]:
    """Return consecutive days with a factor, and as many of the days before them without it as are given."""
    return [
        *(On(number, points, factors=factor) for number, points in enumerate(with_it)),
        *(On(-1 - number, points) for number, points in enumerate(without)),
    ]


WEEKDAY_EXTREMES = [
    Case(
        WEEKDAY, "Monday lowest, Sunday highest", turns(20, 50, 50, 50, 50, 50, 80), whole("monday_worst_sunday_best")
    ),
    Case(
        WEEKDAY,
        "two weekdays are lowest: half each",
        turns(20, 20, 50, 50, 50, 50, 80),
        {"monday_worst_sunday_best": MICRO // 2, "tuesday_worst_sunday_best": MICRO // 2},
    ),
    Case(
        WEEKDAY,
        "two lowest and two highest: a quarter each pair",
        turns(20, 20, 80, 80),
        {f"{low}_worst_{high}_best": MICRO // 4 for low in ("monday", "tuesday") for high in ("wednesday", "thursday")},
    ),
    Case(
        WEEKDAY,
        "four weekdays that are all the same: every pair of them, both ways",
        turns(50, 50, 50, 50),
        {
            f"{low}_worst_{high}_best": MICRO // 12
            for low in ("monday", "tuesday", "wednesday", "thursday")
            for high in ("monday", "tuesday", "wednesday", "thursday")
            if low != high
        },
    ),
    Case(WEEKDAY, "three days are too few", turns(20, 50, 80), NOBODY),
    Case(WEEKDAY, "one weekday is too few, however often", on([0, 7, 14, 21, -7, -14]), NOBODY),
    Case(
        WEEKDAY,
        "two days each of two weekdays are enough",
        [*on([0, 7], 20), *on([1, 8], 60)],
        whole("monday_worst_tuesday_best"),
    ),
    Case(
        WEEKDAY,
        "twelve weeks count: 56 days before the period, not 57",
        [On(-57, 100), *on([-56, -49, 0, 7], 20), *on([-55, -48, 1, 8], 60)],  # day -57 is a Sunday
        whole("monday_worst_tuesday_best"),
    ),
    Case(
        WEEKDAY,
        "who did not log in the period does not count",
        [*on([-7, -14, 28], 20), *on([-6, -13], 60)],
        NOBODY,
    ),
    Case(
        WEEKDAY,
        "days after the period do not make four",
        [*on([0, 28], 20), *on([1, 29], 60)],
        NOBODY,
    ),
    Case(
        WEEKDAY,
        "two Mondays and Tuesdays are more than one of each of three; so Wednesday, though lowest, is not compared",
        [*on([0, 7], 40), *on([1, 8], 60), On(2, 0)],
        whole("monday_worst_tuesday_best"),
    ),
    Case(
        WEEKDAY,
        "of six days in two ways the one with more weekdays: one day each of six",
        # Mondays, Tuesdays, Wednesdays twice: 6 days; of six weekdays one: 6 too. The middle one of two is the first.
        [*on([0, 7], 40), *on([1, 8], 60), *on([2, 9], 50), On(3, 10), On(4, 90), On(5, 50)],
        whole("thursday_worst_friday_best"),
    ),
    Case(
        WEEKDAY,
        "of five Mondays the second and the fourth are taken where Tuesdays are two",
        [On(-7, 0), On(0, 100), On(7, 0), On(14, 30), On(21, 0), *on([1, 8], 50)],
        # In order: 0, 100, 0, 30, 0. The second and the fourth have a mean of 65, the latest two have 15.
        whole("tuesday_worst_monday_best"),
    ),
    Case(
        WEEKDAY,
        "a day is one, with the mean of its entries",
        [*on([0], 0), *on([0], 100), On(7, 50), *on([1, 8], 40)],
        whole("tuesday_worst_monday_best"),
    ),
    Case(
        WEEKDAY,
        "week 53 belongs to the thirteenth period",
        [*on([0, 28], 20), *on([1, 29], 60)],
        whole("monday_worst_tuesday_best"),
        LONG,
    ),
]

DAY_PART_EXTREMES = [
    Case(PART, "lowest in the night, highest in the evening", parts(20, 50, 50, 80), whole("night_worst_evening_best")),
    Case(
        PART,
        "better evenings than mornings; one part of one day is one vote",
        [On(0, 30, "08:00"), On(0, 50, "11:59:59"), On(1, 40, "06:00"), *(On(day, 60, "18:00") for day in (0, 1))],
        whole("morning_worst_evening_best"),
    ),
    Case(PART, "three votes are too few", parts(20, 50, 80), NOBODY),
    Case(PART, "one part is too few", [On(day, 50, "08:00") for day in range(9)], NOBODY),
    Case(
        PART,
        "the recorded part counts where no clock time is known, and neither whole days nor other entries do",
        [
            *(On(day, points, part=part) for day in (0, 1) for part, points in ((0, 30), (3, 60))),
            *(On(0, 0), On(1, 100, "12:00", daily=True), On(2, 100, daily=True)),
        ],
        whole("night_worst_evening_best"),
    ),
    Case(
        PART,
        "an entry that is of the whole day is none in the period",
        [On(day, points, at) for day in (-1, -2) for points, at in ((30, "08:00"), (60, "20:00"))]
        + [On(0, 50, "08:00", daily=True)],
        NOBODY,
    ),
    Case(
        PART,
        "twelve weeks count: 56 days before the period, not 57; nor what comes after",
        [On(day, points, at) for day in (-56, 0) for points, at in ((30, "08:00"), (60, "20:00"))]
        + [On(day, 0, "20:00") for day in (-57, 28)],
        whole("morning_worst_evening_best"),
    ),
    Case(
        PART,
        "all the same: every pair both ways",
        parts(50, 50, 50, 50),
        {
            f"{low}_worst_{high}_best": MICRO // 12
            for low in ("night", "morning", "afternoon", "evening")
            for high in ("night", "morning", "afternoon", "evening")
            if low != high
        },
    ),
    Case(
        PART,
        "equally many are compared, spread evenly: of three mornings in a row the middle one, and the evening",
        [
            *(On(day, points, "08:00") for day, points in ((0, 0), (1, 70), (2, 0))),
            *(On(0, 60, "20:00"), On(0, 65, "13:00"), On(0, 66, "01:00")),
        ],
        # One of each of four is 4, more than 3 of one.
        whole("evening_worst_morning_best"),
    ),
]

CLEAREST = [
    Case(FACTOR, "5 points down", against([45] * 3, [50] * 3), whole("work_lower")),
    Case(FACTOR, "4.999 points down are none", against([45.001] * 3, [50] * 3), whole("none")),
    Case(FACTOR, "5 points up", against([55] * 3, [50] * 3, "poor_sleep"), whole("poor_sleep_higher")),
    Case(FACTOR, "4.999 points up are none", against([54.999] * 3, [50] * 3), whole("none")),
    Case(FACTOR, "two days with it are too few", against([0] * 2, [50] * 9), NOBODY),
    Case(FACTOR, "two days without it are too few", against([0] * 9, [50] * 2), NOBODY),
    Case(FACTOR, "a factor off the list", against([0] * 3, [50] * 3, "travel"), NOBODY),
    Case(
        FACTOR,
        "who did not log in the period does not count",
        [*on([-1, -3, -5], 0, "work"), *on([-2, -4, -6])],
        NOBODY,
    ),
    Case(
        FACTOR,
        "twelve weeks count: 56 days before the period, not 57, nor those after",
        [On(-57, 0, factors="work"), On(28, 0, factors="work"), *on([-56, 0], 0, "work"), *on([1, 2, 3])],
        NOBODY,
    ),
    Case(
        FACTOR,
        "two that are as clear share the unit",
        [*on([0, 1, 2], 40, "work family"), *on([3, 4, 5])],
        {"work_lower": MICRO // 2, "family_lower": MICRO // 2},
    ),
    Case(
        FACTOR,
        "more days make a smaller difference the clearer",
        # work: 66 points on 8 days, 8 each, and 66 squared by 8 is 544; money: 33 on 3 days, 11 each, and 363.
        [*on(range(8), 38, "work"), *on(range(8, 11), 35, "money"), *on(range(11, 22), 50)],
        whole("work_lower"),
    ),
    Case(
        FACTOR,
        "equally many days are compared, spread evenly: of nine without it the second, fifth and eighth",
        [*on([20, 21, 22], 50, "work"), *on([0, 2, 3, 5, 6, 8], 100), *on([1, 4, 7], 60)],
        whole("work_lower"),
    ),
    Case(
        FACTOR,
        "and if those are lower, the others do not matter",
        [*on([20, 21, 22], 50, "work"), *on([0, 2, 3, 5, 6, 8], 100), *on([1, 4, 7], 40)],
        whole("work_higher"),
    ),
    Case(
        FACTOR,
        "a factor of one entry is its whole day's, whose score is that of all its entries",
        [*on([0, 2, 4], 90, "work"), *on([0, 2, 4], 0), *on([1, 3, 5])],
        whole("work_lower"),
    ),
]
