"""The sentences of comparisons and of what to read instead: no blame, no cause, no diagnosis, no minus zero."""

import itertools
import re
from datetime import date
from typing import get_args

import pytest

from analytics.periods import Cadence
from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.phrases import (
    ALL,
    PLAIN,
    WordedDifference,
    WordedFigure,
    before,
    compared,
    four_weeks,
    parent,
    two_groups,
)
from tests.support.forbidden import FORBIDDEN, FORBIDDEN_WORDS

UNITS = ("percent", "persons", "0-100")
WHAT = "Low mood in North"


def against(low: float, high: float, unit: str = "percent", reference: str = ALL) -> WordedDifference:
    """Return a difference in the middle of its interval."""
    return WordedDifference(reference, (low + high) / 2, Interval(low, high), unit)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            against(1.2, 7.0),
            "4.1 percentage points higher than among all participants (between 1.2 and 7.0 percentage points)",
        ),
        (
            against(-7.0, -1.2),
            "4.1 percentage points lower than among all participants (between 1.2 and 7.0 percentage points)",
        ),
        (against(-1.0, 3.0), "no clear difference from all participants (between -1.0 and 3.0 percentage points)"),
        (against(-0.03, 3.03), "no clear difference from all participants (between -0.03 and 3.0 percentage points)"),
        (
            against(0.0004, 5.2),
            "2.6 percentage points higher than among all participants (between 0.001 and 5.2 percentage points)",
        ),
        (
            against(-0.06, -0.004),
            "0.03 percentage points lower than among all participants (between 0.004 and 0.1 percentage points)",
        ),
        (
            against(0.3, 9, "persons", before("week")),
            "5 people more than in the week before (between 0.3 and 9 people)",
        ),
        (against(0.0, 3.0), "no clear difference from all participants (between 0.0 and 3.0 percentage points)"),
        (
            against(20, 180, "persons", before("week")),
            "100 people more than in the week before (between 20 and 180 people)",
        ),
        (
            against(-180, -20, "persons", before("four_weeks")),
            "100 people fewer than in the four-week period before (between 20 and 180 people)",
        ),
        (
            against(1.2, 7.0, reference=PLAIN),
            "4.1 percentage points higher than the plain figure (between 1.2 and 7.0 percentage points)",
        ),
        (
            against(-2, 4, "0-100", before("week")),
            "no clear difference from the week before (between -2.0 and 4.0 points)",
        ),
    ],
)
def test_a_difference_in_words(found: WordedDifference, words: str) -> None:
    """Direction, size and interval, of which an end on 0 is not clear; no rounding says 0 of what is not 0."""
    assert found.words == words


def test_comparisons_say_how_many_people_and_what_they_cannot_say() -> None:
    """A clear difference is not explained, and one that is not clear is not denied."""
    clear, unclear = against(1.2, 7.0), against(-1.0, 3.0, reference=before("week"))
    start, end = f"{WHAT}: {clear.words}", "About 1,240 people were counted in the week of 30 March to 5 April 2026."
    assert compared(WHAT, [clear], 1239.6, "2026-W14") == f"{start}. {end} This does not show why."
    assert compared(WHAT, [clear, unclear], 1239.6, "2026-W14") == (
        f"{start}; {unclear.words}. {end} This does not show why. Even without a clear difference there may be one."
    )
    assert compared(WHAT, [unclear], 1239.6, "2026-W14").endswith(
        f"{end} Even without a clear difference there may be one."
    )
    assert compared(WHAT, [], 1239.6, "2026-W14") == ""


def test_two_groups_compared_in_words() -> None:
    """Both groups have their people; a clear difference is not explained, and one that is not clear is not denied."""
    clear, unclear = (against(*ends, reference="South") for ends in ((1.2, 7.0), (-1.0, 3.0)))
    assert two_groups(WHAT, clear, [1239.6, 800.2], "2026-W14") == (
        "Low mood in North: 4.1 percentage points higher than in South (between 1.2 and 7.0 percentage points). About "
        "1,240 and 800 people were counted in the week of 30 March to 5 April 2026. This does not show why."
    )
    assert two_groups(WHAT, unclear, [1239.6, 800.2], "2026-W14") == (
        "Low mood in North: no clear difference from South (between -1.0 and 3.0 percentage points). About 1,240 and "
        "800 people were counted in the week of 30 March to 5 April 2026. There may still be a difference."
    )


def test_what_to_read_instead_in_words() -> None:
    """It says what is withheld, which group or time the other figure is of, and that it is not the same."""
    share, people = (
        WordedFigure(23.06, Interval(18.0, 28.24), "percent", 89.7),
        WordedFigure(41.2, Interval(9, 74), "persons", 41.2),
    )
    assert four_weeks(WHAT, date(2026, 5, 10), share) == (
        "Low mood in North: withheld for this week. Over the four weeks to 10 May 2026: 23.1% (between 18.0% and "
        "28.2%). About 90 people were counted a week. This says nothing about this week alone."
    )
    assert four_weeks("The number of people who logged in North", date(2026, 5, 10), people) == (
        "The number of people who logged in North: withheld for this week. Over the four weeks to 10 May 2026: on "
        "average 41 people (between 9 and 74 people). This says nothing about this week alone."
    )
    assert parent("Low mood in the group North, 16 to 24", "North", "four_weeks", share) == (
        "Low mood in the group North, 16 to 24: withheld for this four-week period. In North: 23.1% (between 18.0% and "
        "28.2%). About 90 people were counted. This says nothing about the smaller group alone."
    )


def test_no_phrase_blames_explains_or_diagnoses() -> None:
    """Over every direction, unit, reference and cadence no word of the list occurs, and no number is minus zero."""
    said = []
    for unit, cadence, (low, high) in itertools.product(UNITS, get_args(Cadence), ((1, 2), (-2, -1), (-0.01, 0.01))):
        found = [against(low, high, unit, reference) for reference in (ALL, before(cadence))]
        said.append(compared(WHAT, found, -0.2, "2026-W14"))
        said.append(two_groups(WHAT, against(low, high, unit, "South"), [-0.2, 3.4], "2026-W14"))
        offered = WordedFigure(-0.01, Interval(-0.02, 0.02), unit, -0.3)
        said += [four_weeks(WHAT, date(2026, 5, 10), offered), parent(WHAT, "North", cadence, offered)]
    for sentence in said:
        assert not FORBIDDEN.search(sentence), sentence
        assert not FORBIDDEN_WORDS.search(sentence), sentence
        assert not re.search(r"[-(]\d[\d.]*%", sentence), sentence  # no share is below 0
        assert not re.search(r"-0(\.0+)?(?!\.?\d)", sentence), sentence
