"""What is said of a signal and an outlook: direction, size, interval, people; no blame, no cause, no diagnosis."""

import itertools
import re
from typing import get_args

import pytest

from analytics.periods import Cadence, Period
from analytics.store.body import HeadlineKind
from analytics.trends.monitoring.detection import Break, Direction, Verdict
from analytics.trends.monitoring.limits import Limits
from analytics.trends.monitoring.outlook import Ahead
from analytics.trends.monitoring.rules import NEEDED, RULES, Rule
from analytics.trends.monitoring.series import Point, Points, Series
from analytics.trends.publication.signal_sentences import (
    CANNOT_FORESEE,
    CANNOT_SAY,
    end,
    outlook_sentence,
    signal_sentence,
)

FORBIDDEN = re.compile(
    r"because|caus|due to|led to|result|effect|worse|better|best|fail|blame|fault|risk|diagnos|disorder|depress|patient"
    r"|population|prevalence|warning|alarm|crisis|significan",
    re.IGNORECASE,
)


def verdict(rule: Rule, direction: Direction, cadence: Cadence = "week", kind: str = "locked") -> Verdict:
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
    return Verdict(Series("mood", "region", "north", "low", HeadlineKind.SHARE, ""), found, limits, RULES, (broken,))


def said(
    rule: Rule, direction: Direction, unit: str = "percent", cadence: Cadence = "week", kind: str = "locked"
) -> str:
    """Return the sentence."""
    found = verdict(rule, direction, cadence, kind)
    signal = found.signal
    assert signal is not None
    return signal_sentence("Low mood, North", found, signal, unit)


IN_WORDS: dict[tuple[Rule, Direction], str] = {
    (
        "outside",
        "higher",
    ): "it lies outside its limits in 2026-W06. That is 31.2 %, against 24.1 % in {baseline}: {size}.",
    ("run", "lower"): (
        "it lies below its earlier level in each week from 2025-W52 to 2026-W06. That is 17.0 % on average, against "
        "24.1 % in {baseline}: {size}."
    ),
    ("near", "lower"): (
        "from 2026-W04 to 2026-W06 it lies below its earlier level, near the lower limit or beyond it. That is 17.0 % "
        "on average, against 24.1 % in {baseline}: {size}."
    ),
    ("trend", "higher"): "it has risen every week from 2025-W52 to 2026-W06. That is from 31.2 % to 31.2 %: {size}.",
}


@pytest.mark.parametrize(("rule", "direction"), IN_WORDS)
def test_a_signal_in_words(rule: Rule, direction: Direction) -> None:
    """Each rule has its sentence: what was seen, how much, how sure, how many people."""
    size = f"7.1 percentage points {direction} (between 3.0 and 11.2)"
    seen = IN_WORDS[rule, direction].format(baseline="2025-W40 to 2025-W51", size=size)
    assert said(rule, direction) == f"Low mood, North: {seen} About 1,240 people are counted in 2026-W06."


def test_more_and_fewer_are_said_of_people() -> None:
    """A number of people is not higher or lower."""
    assert "7 people fewer (between 3 and 11)" in said("run", "lower", unit="persons")
    assert "7 people more (between 3 and 11)" in said("run", "higher", unit="persons")


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
    """What is not 0 is not told as 0, and keeps its side."""
    assert end(value, unit) == words


def test_limits_on_trial_say_so() -> None:
    """Limits that are not locked yet say of how many periods they are made."""
    assert said("outside", "higher", kind="trial", cadence="four_weeks").endswith(
        "The limits are on trial: so far they are made of 12 periods."
    )


def test_an_outlook_in_words() -> None:
    """An outlook is an interval for a figure that will be published, and says what it rests on."""
    ahead = Ahead(Period.parse("2026-W18"), 4, 1300.0, 1183.4, 1416.6)
    assert outlook_sentence("People who logged, North", "2025-W40", ahead, "persons") == (
        "People who logged, North: the figure published for 2026-W18 will lie between 1,183 and 1,417 people in 95 of "
        "100 such outlooks, if it goes on moving as it has since 2025-W40."
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
        assert not re.search(r"-0(\.0+)?(?!\.?\d)", re.sub(r"\d{4}-\w\d\d", "", sentence)), sentence
