"""Cases of the measures that follow a person over days and periods."""

from tests.support.pattern_days import AFTER_LONG, LONG, NOBODY, Case, On, on, turns, whole

PERSISTENTLY, NOT_PERSISTENTLY = whole("persistently_low"), whole("not_persistently_low")

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
