"""Limits, the four rules, their p-values and the control over many series: what is a signal and what is not."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from analytics.periods import Period
from analytics.store.body import HeadlineKind
from analytics.trends.monitoring.autocorrelation import Autocorrelation, autocorrelation_of
from analytics.trends.monitoring.detection import detect
from analytics.trends.monitoring.false_discovery import FALSE_SHARE, adjusted_p_values, harmonic, interval_z
from analytics.trends.monitoring.limits import LEAST_POINTS, LOCKED_POINTS, Limits, limits_before, newest_stretch
from analytics.trends.monitoring.null_simulation import LEAST_P, SeriesShape, null_simulation_of
from analytics.trends.monitoring.rules import NEEDED, RULES, Rule, effect_weights, rises
from analytics.trends.monitoring.series import Point, Points, Series
from tests.support.scripts import benchmark

FIRST = Period.parse("2024-W01")
SERIES = Series("mood", "all", "all", "low_share", HeadlineKind.SHARE, "")
QUIET = (20.0, 21.0, 19.0, 20.5, 19.5, 20.0, 21.0, 19.0, 20.0, 20.5, 19.5, 20.0)
"""Twelve values of mean 20, moving ranges of mean 1.09."""


def points(values: Sequence[float | None], *, variance: float = 0.5) -> Points:
    """Return a weekly series; None is a week that was withheld."""
    found: Points = []
    period = FIRST
    for value in values:
        if value is not None:
            found.append((period, Point(value, variance, 0.0, 1000.0)))
        period = period.next
    return found


def limits_of(values: Sequence[float | None]) -> Limits:
    """Return the limits that the last value is judged by."""
    found = limits_before(points(values), None)
    assert found is not None
    return found


def test_limits_are_the_mean_and_266_mean_moving_ranges() -> None:
    """By hand: mean 20, eleven moving ranges that sum to 12.0."""
    found = limits_of((*QUIET, 99.0))
    assert found.mean == pytest.approx(20.0)
    assert found.half_width == pytest.approx(2.66 * 12.0 / 11)
    assert (found.low + found.high) / 2 == pytest.approx(20.0)


def test_limits_are_locked_at_twelve_points_and_on_trial_before() -> None:
    """From the thirteenth point on the limits stay, whatever comes; before, each point moves them."""
    assert limits_before(points(QUIET[:LEAST_POINTS]), None) is None
    trial = limits_of(QUIET[: LEAST_POINTS + 1])
    assert (trial.kind, len(trial.baseline)) == ("trial", LEAST_POINTS)
    locked = limits_of((*QUIET, 50.0))
    assert (locked.kind, len(locked.baseline)) == ("locked", LOCKED_POINTS)
    assert limits_of((*QUIET, 50.0, -10.0, 80.0)) == locked


def test_no_point_has_a_part_in_its_own_limits() -> None:
    """The limits of the newest point are the same whatever that point is."""
    assert limits_of((*QUIET[:9], 0.0)) == limits_of((*QUIET[:9], 1000.0))


def test_nothing_is_read_across_a_gap() -> None:
    """A withheld week gives no moving range and ends a run; the limits ask for enough ranges as well as points."""
    gap = limits_of((*QUIET[:6], None, *QUIET[6:], 20.0))
    assert (len(gap.baseline), gap.ranges) == (12, 10)
    every_other = [value for one in QUIET for value in (one, None)]
    assert limits_before(points([*every_other, 20.0]), None) is None
    run = points((*QUIET, 25.0, 25.0, 25.0, None, 25.0, 25.0))
    assert [point.value for _, point in newest_stretch(run, limits_of((*QUIET, 0.0)), 7)] == [25.0, 25.0]


def test_few_ranges_make_the_baseline_longer() -> None:
    """Twelve points with fewer than six ranges are not enough: points are added until there are six."""
    lonely = [20.0, None, 21.0, None, 19.0, None, 20.0, None, 21.0, None, 19.0, None, 20.0, None, 21.0, 19.0]
    found = limits_of([*lonely, 20.0, 21.0, 20.0, 21.0, 20.0, 21.0, 20.0])
    assert (found.kind, found.ranges, len(found.baseline)) == ("locked", 6, 14)


def test_a_rebase_starts_again() -> None:
    """Points before the declared period have no part in the limits, and none are there until enough lie after it."""
    series = points((*QUIET, *(value + 30 for value in QUIET), 50.0))
    start = series[12][0]
    found = limits_before(series, start)
    assert found is not None
    assert found.mean == pytest.approx(50.0)
    assert found.baseline[0][0] == start
    assert limits_before(series[:15], start) is None


@pytest.mark.parametrize(
    ("rule", "window", "is_broken"),
    [
        ("outside", [10.1], True),
        ("outside", [10.0], False),  # on the limit is inside
        ("run", [1, 2, 1, 3, 1, 2, 1], True),
        ("run", [1, 2, 1, 0, 1, 2, 1], False),  # one on the mean
        ("trend", [-3, -2, -1, 0, 1, 2, 3], True),  # on both sides of the mean, still a trend
        ("trend", [-3, -2, -1, -1, 1, 2, 3], False),  # one step is level
        ("near", [7, 1, 8], True),
        ("near", [7, -1, 8], False),  # not all on one side
        ("near", [7, 6, 1], False),  # only one beyond two thirds
        ("near", [12, 1, 9], True),  # outside is near as well
    ],
)
def test_the_four_rules(rule: Rule, window: list[float], is_broken: bool) -> None:  # noqa: FBT001 -- a table of cases
    """Each rule at its boundary, limits at 10 about a mean of 0; downwards it is the same with signs turned."""
    values, zero, ten = np.array([window], dtype=float), np.zeros(1), np.full(1, 10.0)
    assert bool(rises(rule, values, zero, ten)[0]) is is_broken
    assert not rises(rule, -values, zero, ten)[0]


@pytest.mark.parametrize(
    ("shape", "most"),
    [
        (SeriesShape(12, 11, 7, 0), 1.3),
        (SeriesShape(8, 7, 3, 0), 1.3),
        # Limits twice as wide as the newest points need: narrow ones decide, which the mixture does not aim at.
        (SeriesShape(12, 11, 7, 3), 2.0),
        # Neither does it aim at baselines that drift.
        (SeriesShape(12, 11, 7, 0, lasting=8, share=5), 2.0),
    ],
    ids=str,
)
def test_p_values_are_those_of_a_plain_simulation(shape: SeriesShape, most: float) -> None:
    """Where a plain simulation of 200,000 series can see, the weighted one agrees with it, and does not fall short."""
    generator = np.random.default_rng(7)
    size, share, lasting = len(shape.deviations), shape.share / 10, shape.lasting / 10
    fading = generator.standard_normal((200_000, size))
    for place in range(1, size):
        fading[:, place] = lasting * fading[:, place - 1] + math.sqrt(1 - lasting**2) * fading[:, place]
    fresh = generator.standard_normal((200_000, size))
    values = (math.sqrt(share) * fading + math.sqrt(1 - share) * fresh) * shape.deviations
    alike = share * lasting ** np.abs(np.subtract.outer(np.arange(size), np.arange(size))) + (1 - share) * np.eye(size)
    baseline = values[:, : shape.baseline]
    steps = np.abs(np.diff(baseline, axis=1))
    excess = (steps.mean(axis=1) / math.sqrt(2) / shape.deviations[0] / math.sqrt(2 / math.pi)) ** 2
    excess /= 1 - share * lasting
    for rule in [rule for rule in RULES if NEEDED[rule] <= shape.stretch]:
        weights = effect_weights(rule, shape.baseline, shape.stretch)
        scaled = weights * shape.deviations
        deviation = math.sqrt(float(scaled @ alike @ scaled))
        broken = [
            rises(rule, sign * values[:, shape.baseline :], sign * baseline.mean(axis=1), 2.66 * steps.mean(axis=1))
            for sign in (1, -1)
        ]
        for seen in (0.5, 4.0):
            factor = null_simulation_of(shape).ordinary(seen)
            effects = math.sqrt(factor) * values @ weights / deviation / np.sqrt(np.maximum(1, factor * excess))
            strengths = np.concatenate([effects[broken[0]], -effects[broken[1]]])
            for strength in (0.0, 2.0, 3.0):
                plain = int((strengths >= strength).sum())
                if plain >= 100:
                    expected = plain / len(values)
                    found = null_simulation_of(shape).p_value(rule, strength, seen)
                    assert 1 - 3.5 / math.sqrt(plain) < found / expected < most, (rule, seen, strength)


def test_a_stronger_break_has_a_smaller_p_value() -> None:
    """P-values fall with strength down to the floor, and rise with what else is seen to move the series."""
    null = null_simulation_of(SeriesShape(12, 11, 7, 0))
    for rule in RULES:
        calm = [null.p_value(rule, strength, 1.0) for strength in (0, 2, 3, 4, 5, 6, 50)]
        assert calm == sorted(calm, reverse=True)
        assert calm[-1] == LEAST_P
        assert null.p_value(rule, 4, 4.0) > null.p_value(rule, 4, 1.0)


def test_adjusted_p_values_by_hand() -> None:
    """Three found of ten tests: p · 10 · (1 + 1/2 + … + 1/10) / rank, never less than a smaller one's, at most 1."""
    price = 10 * sum(1 / number for number in range(1, 11))
    assert harmonic(10) == pytest.approx(price / 10)
    found = adjusted_p_values([0.5, 0.0001, 0.00015], 10)
    assert found == [1.0, pytest.approx(0.00015 * price / 2), pytest.approx(0.00015 * price / 2)]
    assert adjusted_p_values([], 10) == []


def test_adjusted_p_values_are_the_step_up_of_benjamini_and_yekutieli() -> None:
    """On random p-values, with ties, with ones, and fewer than there were tests: as their paper's formula says."""
    generator = np.random.default_rng(14)
    for _ in range(300):
        tests = int(generator.integers(1, 200))
        p_values = np.round(generator.random(int(generator.integers(1, tests + 1))) ** 6, 4)
        ranked = np.sort(np.append(p_values, np.ones(tests - len(p_values))))
        # The least share at which p is rejected: the smallest p(k) · m · h(m) / k of all p(k) that are no less than p.
        shares = ranked * tests * harmonic(tests) / np.arange(1, tests + 1)
        expected = [min(1.0, shares[np.searchsorted(ranked, p) :].min()) for p in p_values]
        assert adjusted_p_values(p_values.tolist(), tests) == pytest.approx(expected, abs=1e-12)


def test_intervals_are_wider_the_more_series_were_looked_at() -> None:
    """One series and one test give the usual 1.96; one signal of a thousand tests reaches much further."""
    assert interval_z(1, 1) == pytest.approx(1.96, abs=0.001)
    assert interval_z(1, 1000) > 4.5


def many(generator: np.random.Generator, series: int, weeks: int) -> dict[Series, Points]:
    """Return quiet series with a variance of 1."""
    return {
        replace(SERIES, cohort=str(number)): points(list(generator.normal(20, 1, size=weeks)), variance=1.0)
        for number in range(series)
    }


def test_quiet_series_give_hardly_any_signal() -> None:
    """Of 60 quiet releases of 50 series at most 3 (1 in 20) have a signal, though many series break a rule."""
    generator = np.random.default_rng(1)
    alarms = broken = 0
    for _ in range(60):
        found = many(generator, 50, 19)
        detections = detect(found, found[replace(SERIES, cohort="0")][-1][0], None)
        alarms += any(detection.signal for detection in detections.values())
        broken += sum(bool(detection.breaks) for detection in detections.values())
    assert alarms <= 60 * FALSE_SHARE
    assert broken > 100  # the rules by themselves cry wolf


def autocorrelated(generator: np.random.Generator, series: int, weeks: int, lasting: float) -> dict[Series, Points]:
    """Return series with a variance of 1 and, beyond it, deviations of variance 4 of which so much stays each week."""
    moved = generator.normal(scale=2, size=(series, weeks))
    for week in range(1, weeks):
        moved[:, week] = lasting * moved[:, week - 1] + math.sqrt(1 - lasting**2) * moved[:, week]
    quiet = many(generator, series, weeks)
    return {
        one: [(period, replace(it, value=it.value + far)) for (period, it), far in zip(found, own, strict=True)]
        for (one, found), own in zip(quiet.items(), moved, strict=True)
    }


@pytest.mark.parametrize(("lasting", "tenths"), [(0.0, 0), (0.5, 5), (0.8, 8)])
def test_what_lasts_is_seen_in_all_series_together(lasting: float, tenths: int) -> None:
    """Of a hundred series of twelve weeks: how much of a deviation lasts, and that most of the variance does."""
    found = autocorrelated(np.random.default_rng(4), 100, 13, lasting)
    limits = {one: known for one, moved in found.items() if (known := limits_before(moved, None))}
    autocorrelation = autocorrelation_of(limits)
    assert abs(autocorrelation.lasting - tenths) <= 1
    if lasting:
        assert {autocorrelation.share(one, known) for one, known in limits.items()} <= {8, 9}


def test_a_release_without_limits_has_nothing_that_lasts() -> None:
    """Nothing to look at is nothing that lasts; neither is what noise and sampling explain."""
    assert autocorrelation_of({}) == Autocorrelation()
    still = points((20.0,) * 13)
    known = limits_before(still, None)
    assert known is not None
    assert autocorrelation_of({SERIES: known}).share(SERIES, known) == 0


def test_autocorrelated_series_are_not_held_to_independent_weeks() -> None:
    """Of 40 quiet releases of 30 series whose deviations last, at most 3 have a signal; without that, most had."""
    generator = np.random.default_rng(5)
    alarms = 0
    for _ in range(40):
        found = autocorrelated(generator, 30, 19, 0.8)
        detections = detect(found, found[replace(SERIES, cohort="0")][-1][0], None)
        alarms += any(detection.signal for detection in detections.values())
    assert alarms <= 3


def test_a_planted_change_is_found_with_its_direction_and_an_interval_around_it() -> None:
    """Seven weeks after a step of 4 standard deviations in one of 50 series, that series and no other is a signal."""
    found = many(np.random.default_rng(2), 50, 19)
    changed = replace(SERIES, cohort="7")
    found[changed] = [
        (period, replace(point, value=point.value - 4.0 * (place >= 12)))
        for place, (period, point) in enumerate(found[changed])
    ]
    detections = detect(found, found[changed][-1][0], None)
    assert [one.cohort for one, detection in detections.items() if detection.signal] == ["7"]
    signal = detections[changed].signal
    assert signal is not None
    assert signal.direction == "lower"
    assert signal.low < -4.0 < signal.high < 0


def test_a_signal_of_no_clear_size_is_none() -> None:
    """Seven weeks that rise by a hair break the rule, seldom by chance; but by how much may as well be nothing."""
    rising = points((*QUIET, *(20 + step / 10 for step in range(-3, 4))))
    detection = detect({SERIES: rising}, rising[-1][0], None)[SERIES]
    (found,) = detection.breaks
    assert found.rule == "trend"
    assert found.change == pytest.approx(0.6)
    assert adjusted_p_values([found.p_value], len(detection.tested))[0] < FALSE_SHARE
    assert found.false_share > FALSE_SHARE
    assert detection.signal is None


def test_no_interval_of_a_signal_holds_nothing() -> None:
    """Of a thousand series that move a little, there are many signals, and each interval lies on one side of 0."""
    generator = np.random.default_rng(3)
    found = many(generator, 1000, 19)
    for number, moved in enumerate(found.values()):
        shift = 4.0 * number / len(found)
        moved[12:] = [(period, replace(point, value=point.value + shift)) for period, point in moved[12:]]
    detections = detect(found, found[replace(SERIES, cohort="0")][-1][0], None)
    result = [detection.signal for detection in detections.values() if detection.signal]
    assert len(result) > 100
    assert all(signal.low > 0 for signal in result)


def test_whole_releases_are_quiet_where_nothing_happens_and_tell_what_does() -> None:
    """Under the shipped plan's noise none of 6 quiet releases has a signal; 5 points more of 10,000 are found."""
    script = benchmark("signals")
    world = script.World()
    assert script.false_alarms(world, script.QUIET[1], 2)["alarms"] == 0
    found = script.power(world, script.QUIET[1], script.REGIONS.index(10_000), 5.0, 1)
    assert found["by_four"] == 1
    assert found["false"] < 0.1
    assert found["held"] == 1


def test_the_first_rule_has_to_wait_for_points_after_the_baseline() -> None:
    """With limits on trial only the newest point is judged; seven after the lock all four rules are."""
    trial = points((*QUIET[:8], 20.0))
    assert detect({SERIES: trial}, trial[-1][0], None)[SERIES].tested == ("outside",)
    full = points((*QUIET, *QUIET[:7]))
    assert detect({SERIES: full}, full[-1][0], None)[SERIES].tested == RULES


def test_a_series_that_is_withheld_now_is_not_judged() -> None:
    """A series without a point in the release's period has no verdict."""
    series = points((*QUIET, 20.0))
    assert detect({SERIES: series}, series[-1][0].next, None) == {}


def test_a_series_that_moves_much_by_itself_is_not_held_to_its_noise() -> None:
    """A step of five is a signal where a series lay still, and none where it went up and down by three before."""
    still, restless = (points((*(20 + far * (-1) ** place for place in range(12)), 25.0)) for far in (0.3, 1.5))
    detections = [detect({SERIES: series}, series[-1][0], None)[SERIES] for series in (still, restless)]
    assert [[found.rule for found in detection.breaks] for detection in detections] == [["outside"], []]
    restless[-1] = (restless[-1][0], replace(restless[-1][1], value=28.5))
    detection = detect({SERIES: restless}, restless[-1][0], None)[SERIES]
    limits = detection.limits
    assert limits is not None
    assert limits.excess > 10
    assert detection.breaks[0].p_value > 1e-4  # 8.5 is 12 standard deviations of noise, and little more than a limit


def test_noise_that_grows_after_the_baseline_is_no_signal() -> None:
    """A jump that old noise could not explain is none where the new figure's own noise can."""
    calm = points((*QUIET, 26.0))
    assert detect({SERIES: calm}, calm[-1][0], None)[SERIES].signal is not None
    noisy = [*calm[:-1], (calm[-1][0], replace(calm[-1][1], noise_variance=50.0))]
    detection = detect({SERIES: noisy}, noisy[-1][0], None)[SERIES]
    assert [found.rule for found in detection.breaks] == ["outside"]
    assert detection.signal is None
