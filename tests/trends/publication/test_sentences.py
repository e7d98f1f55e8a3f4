"""The sentences of a signal and an outlook: direction, size, interval, people; no blame, no cause, no diagnosis."""

import itertools
import re
from dataclasses import replace
from typing import get_args

import pytest

from analytics.periods import Cadence, Period
from analytics.store.body import HeadlineKind
from analytics.trends.monitoring.detection import Break, Detection, Direction
from analytics.trends.monitoring.limits import Limits
from analytics.trends.monitoring.outlook import Ahead
from analytics.trends.monitoring.rules import NEEDED, RULES, Rule
from analytics.trends.monitoring.series import Point, Points, Series
from analytics.trends.publication.signal_sentences import (
    CANNOT_FORESEE,
    CANNOT_SAY,
    lasting_points,
    outlook_sentence,
    signal_sentence,
)
from analytics.wording import end
from tests.support.forbidden import FORBIDDEN, FORBIDDEN_WORDS


def detection(rule: Rule, direction: Direction, cadence: Cadence = "week", kind: str = "locked") -> Detection:
    """Return a signal of 12 baseline points at 24.1 and a stretch 7.1 to one side of them."""
    period = Period.parse("2025-W40" if cadence == "week" else "2024-P03")
    sign = 1 if direction == "higher" else -1
    found: Points = []
    for place in range(19):
        value = 24.1 if place < 12 else 24.1 + sign * 7.1
        found.append((period, Point(value, 1.0, 0.0, 1239.6)))
        period = period.next
    limits = Limits("trial" if kind == "trial" else "locked", tuple(found[:12]), 11, 24.1, 3.0, 1.0)
    change = sign * 7.1
    ends = (3.0, 11.2) if sign > 0 else (-11.2, -3.0)
    broken = Break(rule, direction, found[-NEEDED[rule] :], change, 1.0, 1e-6, 0.001, *ends)
    return Detection(Series("mood", "region", "north", "low", HeadlineKind.SHARE, ""), found, limits, RULES, (broken,))


def said(
    rule: Rule, direction: Direction, unit: str = "percent", cadence: Cadence = "week", kind: str = "locked"
) -> str:
    """Return the sentence."""
    found = detection(rule, direction, cadence, kind)
    signal = found.signal
    assert signal is not None
    what = "The number of people who logged in North" if unit == "persons" else "Low mood in North"
    return signal_sentence(what, found, signal, unit)


BASELINE = "29 September to 21 December 2025"
COUNTED = "About 1,240 people were counted in the week of 2 to 8 February 2026."
IN_WORDS: dict[tuple[Rule, Direction], str] = {
    ("outside", "higher"): (
        "Low mood in North has been higher since 22 December 2025: above its usual range in all 7 weeks. It was 31.2%, "
        "against 24.1% from {baseline}: {size}."
    ),
    ("run", "lower"): (
        "Low mood in North has been lower since 22 December 2025: below its earlier average in all 7 weeks. It was "
        "17.0% on average over the last 7 weeks, against 24.1% from {baseline}: {size}."
    ),
    ("near", "lower"): (
        "Low mood in North has been lower since 22 December 2025: below its earlier average in all 7 weeks, and close "
        "to the edge of its usual range, or outside it, in at least 2 of the last 3. It was 17.0% on average over the "
        "last 3 weeks, against 24.1% from {baseline}: {size}."
    ),
    ("trend", "higher"): (
        "Low mood in North has risen every week since 22 December 2025 (7 weeks). It went from 31.2% in the week of 22 "
        "to 28 December 2025 to 31.2% in the week of 2 to 8 February 2026: {size}."
    ),
}


@pytest.mark.parametrize(("rule", "direction"), IN_WORDS)
def test_a_signal_in_words(rule: Rule, direction: Direction) -> None:
    """Each rule has its sentence: what was seen and since when, how much, how sure, how many people."""
    size = f"7.1 percentage points {direction} (between 3.0 and 11.2 percentage points)"
    assert said(rule, direction) == f"{IN_WORDS[rule, direction].format(baseline=BASELINE, size=size)} {COUNTED}"


def test_a_single_week_outside_is_said_of_that_week() -> None:
    """Where only the newest figure lies outside, nothing is said of the weeks before it."""
    found = detection("outside", "higher")
    quiet = [(period, replace(point, value=24.1)) for period, point in found.points[:-1]]
    one = replace(found, points=[*quiet, found.points[-1]])
    two = replace(found, points=[*quiet[:-1], *found.points[-2:]])
    assert signal_sentence("Low mood in North", two, two.breaks[0], "percent").startswith(
        "Low mood in North has been higher since 26 January: above its usual range in both weeks. It was"
    )
    assert signal_sentence("Low mood in North", one, one.breaks[0], "percent").startswith(
        "Low mood in North was higher than usual in the week of 2 to 8 February 2026: above its usual range. It was"
    )
    assert signal_sentence("Mondays worse than usual in North", one, one.breaks[0], "percent").startswith(
        "Mondays worse than usual in North were higher than usual in the week of 2 to 8 February 2026: above their "
        "usual range. They were 31.2%,"
    )


def test_since_when_ends_at_a_gap_and_at_the_limits_own_points() -> None:
    """A missing week, a week back at the earlier average, and the points of the limits all end what lasts."""
    found = detection("run", "higher")
    limits = found.limits
    assert limits is not None
    assert lasting_points(found.points, limits, found.breaks[0]) == found.points[12:]
    gap = [*found.points[:14], *found.points[15:]]
    assert lasting_points(gap, limits, found.breaks[0]) == found.points[15:]
    back = [*found.points[:15], (found.points[15][0], replace(found.points[15][1], value=24.1)), *found.points[16:]]
    assert lasting_points(back, limits, found.breaks[0]) == found.points[16:]
    high = [(period, replace(point, value=31.2)) for period, point in found.points]
    assert lasting_points(high, limits, found.breaks[0]) == high[12:]


def test_more_and_fewer_are_said_of_people() -> None:
    """A number of people is not higher or lower."""
    assert "7 people fewer (between 3 and 11 people)" in said("run", "lower", unit="persons")
    assert "7 people more (between 3 and 11 people)" in said("run", "higher", unit="persons")


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (1.24, "percent", "1.2"),
        (0.0, "percent", "0.0"),
        (0.04, "percent", "0.04"),
        (-0.004, "percent", "-0.004"),
        (0.0001, "percent", "0.001"),
        (-0.0001, "0-100", "-0.001"),
        (-0.4, "persons", "-0.4"),
        (1239.6, "persons", "1,240"),
    ],
)
def test_an_end_is_never_rounded_to_nothing(value: float, unit: str, words: str) -> None:
    """What is not 0 is not rounded to 0, and keeps its side."""
    assert end(value, unit) == words


def test_limits_on_trial_say_so() -> None:
    """Limits that are not locked yet say of how many periods they are made."""
    assert said("outside", "higher", kind="trial", cadence="four_weeks").endswith(
        "The usual range is provisional: it rests on 12 four-week periods so far."
    )


def test_an_outlook_in_words() -> None:
    """An outlook is an interval for a figure that will be published, and says what it rests on."""
    ahead = Ahead(Period.parse("2026-W18"), 4, 1300.0, 1183.4, 1416.6)
    what = "The number of people who logged in North"
    assert outlook_sentence(what, "2025-W40", ahead, "persons") == (
        "The number of people who logged in North: we expect the figure for the week of 27 April to 3 May 2026 to be "
        "between 1,183 and 1,417 people, if it goes on moving as it has since 29 September 2025. Of 100 such "
        "intervals, 95 hold."
    )


def test_no_sentence_blames_explains_or_diagnoses() -> None:
    """Over every rule, direction, unit and cadence no word of the list occurs, and no number is minus zero."""
    ahead = Ahead(Period.parse("2026-W18"), 4, 0.0, -0.01, 0.01)
    sentences = [
        said(rule, direction, unit, cadence, kind)
        for rule, direction, unit, cadence, kind in itertools.product(
            RULES, get_args(Direction), ("percent", "persons", "0-100"), get_args(Cadence), ("trial", "locked")
        )
    ]
    sentences += [outlook_sentence("X", "2026-W01", ahead, unit) for unit in ("percent", "persons", "0-100")]
    for sentence in (*sentences, CANNOT_SAY, CANNOT_FORESEE):
        assert not FORBIDDEN.search(sentence), sentence
        assert not FORBIDDEN_WORDS.search(sentence), sentence
        assert not re.search(r"-0(\.0+)?(?!\.?\d)", re.sub(r"\d{4}-\w\d\d", "", sentence)), sentence
        assert not re.search(r"\d{4}-[WP]\d\d", sentence), sentence
