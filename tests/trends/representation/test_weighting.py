"""Figures weighted to public sizes: right by hand, right by simulation, and without people whose area is unknown.

1,500 repetitions have a standard error of 0.6 points at 95 %, 750 of two regions as well. `noise` promises 94 to 96
and is held to 93.5 to 96.5, `shown` promises at least 94 and is held to 93.5: what is promised, widened by that error.
"""

from collections.abc import Sequence

import numpy as np
import pytest

from analytics.layout import Array
from analytics.trends.representation.coverage import coverage
from analytics.trends.representation.poststratified import Poststratified, borne, poststratified
from analytics.trends.representation.strata import Cohort, Public, joined
from analytics.trends.representation.weighting import Cells, weighted_sum
from tests.support.sized import DISPLAY, STRATA, headline, layout_of, noisy_release
from tests.support.sized import PUBLIC as ONE_SMALL
from tests.support.tally import Tally

SIZED = {("north", "young"): 15, ("north", "old"): 25, ("south", "young"): 40, ("south", "old"): 20}
PUBLIC = Public(STRATA, {cohort: thousands * 1000 for cohort, thousands in SIZED.items()})
"""In each stratum at least half as many live as in the average one: none is joined."""

SILENT = 1e-4
"""Noise in persons that no figure shows."""

LOW_IN = {0: 0.2, 1: 0.6}
"""By region, the share of low mood among its people."""


def people(sizes: Sequence[Sequence[float]], low: dict[int, float] | None = None) -> Array:
    """Return so many people by region and age, each region with its share in the first category, the rest halved."""
    shares = LOW_IN if low is None else low
    parts = [np.array([p, (1 - p) / 2, (1 - p) / 2]) for p in (*shares.values(), 0.5)]
    return np.array([[count * part for count in row] for row, part in zip(sizes, parts, strict=True)])


def everyone(array: Array, name: str = "low_share") -> Poststratified:
    """Return a weighted headline of everyone, with next to no noise."""
    release = noisy_release(layout_of(SILENT), array)
    return poststratified(release, STRATA, PUBLIC, (), headline(name))[()]


def test_it_equals_the_plain_figure_where_people_log_like_the_public_sizes() -> None:
    """One in a hundred of each group logs: weights change nothing, cost nothing, and the difference is nothing."""
    array = people([[150, 250, 0], [400, 200, 0], [0, 0, 0]])
    for name in ("low_share", "mean_mood"):
        found = everyone(array, name)
        assert found.weighted.estimate == pytest.approx(found.plain.estimate, abs=1e-6)
        assert found.less_plain.figure.estimate == pytest.approx(0, abs=1e-6)
        assert found.design_effect.estimate == pytest.approx(1)
        assert found.effective_people.estimate == pytest.approx(1000)


def test_a_figure_by_hand() -> None:
    """North has 4 in 10 of the public sizes and 8 in 10 of the people who log."""
    found = everyone(people([[600, 200, 0], [100, 100, 0], [0, 0, 0]]))
    assert found.plain.estimate == pytest.approx(0.2 * 0.8 + 0.6 * 0.2)
    assert found.weighted.estimate == pytest.approx(0.2 * 0.4 + 0.6 * 0.6)
    # Parts of the sizes 0.15, 0.25, 0.4, 0.2 over 600, 200, 100 and 100 people, of 1,000 in all.
    spent = 0.15**2 / 600 + 0.25**2 / 200 + 0.4**2 / 100 + 0.2**2 / 100
    assert found.design_effect.estimate == pytest.approx(1000 * spent)
    assert found.effective_people.estimate == pytest.approx(1 / spent)
    # Sampling at its bound: parts squared times p (1 - p) / people.
    bound = 0.16 * (0.15**2 / 600 + 0.25**2 / 200) + 0.24 * (0.4**2 / 100 + 0.2**2 / 100)
    assert found.weighted.shown is not None
    assert found.weighted.shown.half_width == pytest.approx(1.959964 * bound**0.5, rel=1e-5)


def test_a_cohort_is_weighted_over_its_own_strata() -> None:
    """In the north only ages are weighted, and everyone's weighted figure is there too."""
    array = people([[600, 200, 0], [100, 100, 0], [0, 0, 0]])
    array[0, 1] = 200 * np.array([0.4, 0.3, 0.3])
    release = noisy_release(layout_of(SILENT), array)
    north = poststratified(release, STRATA, PUBLIC, ("region",), headline("low_share"))["north",]
    assert north.weighted.estimate == pytest.approx(0.375 * 0.2 + 0.625 * 0.4)
    assert north.against_all is not None
    assert north.against_all.figure.estimate == pytest.approx(0.325 - (0.15 * 0.2 + 0.25 * 0.4 + 0.6 * 0.6))


def test_who_is_of_unknown_place_has_no_weight() -> None:
    """People of unknown region or age change the plain figure and are counted apart; the weighted one stays."""
    without = everyone(people([[600, 200, 0], [100, 100, 0], [0, 0, 0]]))
    found = everyone(people([[600, 200, 40], [100, 100, 0], [30, 0, 80]]))
    assert found.weighted.estimate == pytest.approx(without.weighted.estimate)
    assert found.plain.estimate > without.plain.estimate + 0.01
    assert found.unplaced.estimate == pytest.approx(150)
    assert found.placed.estimate == pytest.approx(1000)
    cohorts = poststratified(
        noisy_release(layout_of(SILENT), people([[600, 200, 40], [100, 100, 0], [30, 0, 80]])),
        STRATA,
        PUBLIC,
        ("region",),
        headline("low_share"),
    )
    assert set(cohorts) == {("north",), ("south",)}


@pytest.mark.parametrize(
    ("numbers", "groups"),
    [
        ((9, 9, 9, 9), [[0], [1], [2], [3]]),
        ((2, 9, 9, 9), [[0, 1], [2], [3]]),  # joins the next one of its region
        ((9, 2, 9, 9), [[0, 1], [2], [3]]),  # is the last of its region, and joins the one before
        ((9, 9, 9, 2), [[0], [1], [2, 3]]),
        ((2, 2, 9, 9), [[0, 1, 2], [3]]),  # a region that is too small in all joins the next one
        ((9, 9, 2, 2), [[0], [1, 2, 3]]),  # or, as the last, the one before
        ((2, 2, 2, 1), [[0, 1, 2, 3]]),
        ((1, 1, 1, 1), [[0, 1, 2, 3]]),  # not even all together: whoever asked looks again
    ],
)
def test_strata_too_small_alone_are_joined_with_neighbours(numbers: tuple[int, ...], groups: list[list[int]]) -> None:
    """First within their region, in grid order, until seven people are together."""
    keys: list[Cohort] = [(region, age) for region in ("north", "south") for age in ("young", "old")]
    assert joined(keys, lambda group: sum(numbers[place] for place in group) >= 7) == groups


def test_a_stratum_in_which_few_live_is_joined_and_no_number_of_people_changes_that() -> None:
    """The old of the south count with its young by their public size, whether 3 or 3,000 of them log."""
    for old in (3, 3000):
        release = noisy_release(layout_of(1.0), people([[600, 200, 0], [100, old, 0], [0, 0, 0]]))
        found = poststratified(release, STRATA, ONE_SMALL, (), headline("low_share"))[()]
        assert (found.strata.fewest, found.strata.joined) == (4, 2)
        assert found.weighted.estimate == pytest.approx(0.2 * 0.4 + 0.6 * 0.6, abs=0.01)


def test_the_figure_is_withheld_where_a_stratum_has_too_few_people() -> None:
    """Three old people in the south, in which many live, are not joined: everyone's and the south's are withheld."""
    release = noisy_release(layout_of(1.0), people([[600, 200, 0], [100, 3, 0], [0, 0, 0]]))
    assert poststratified(release, STRATA, PUBLIC, (), headline("low_share")) == {}
    assert set(poststratified(release, STRATA, PUBLIC, ("region",), headline("low_share"))) == {("north",)}


SIZES = [[900.0, 700.0, 60.0], [800.0, 400.0, 40.0], [50.0, 30.0, 20.0]]
MANY = {0: 0.15, 1: 0.3}
REPETITIONS = 1500


def drawn(rng: np.random.Generator) -> tuple[Array, Array]:
    """Return people who happen to log (region x age x category), and the expectation that they come from."""
    expected = people(SIZES, MANY)
    return rng.poisson(expected).astype(np.float64), expected


def ratio(array: Array) -> float:
    """Return the low share of all people in an array."""
    return float(array[..., 0].sum() / array.sum())


def weighted_truth(array: Array, places: Sequence[tuple[int, int]]) -> float:
    """Return the low share in these strata, each by its public size."""
    sizes = np.array([[15_000, 25_000], [40_000, 20_000]])
    whole = sum(sizes[place] for place in places)
    return float(sum(sizes[place] / whole * ratio(array[place]) for place in places))


EVERYWHERE = [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_intervals_of_regions_hold() -> None:
    """A region's weighted figure, its difference from the plain one, from everyone's and its coverage are covered."""
    rng, layout = np.random.default_rng(31), layout_of(16.0)
    names = ("weighted", "less plain", "against all", "coverage", "coverage against all")
    tallies = {name: Tally() for name in names}
    for _ in range(REPETITIONS // 2):
        array, expected = drawn(rng)
        release = noisy_release(layout, array, rng)
        found = poststratified(release, STRATA, PUBLIC, ("region",), headline("low_share"))
        covered = coverage(release, PUBLIC, ("region",))
        for at, cohort in enumerate((("north",), ("south",))):
            one, truths = found[cohort], []
            for true in (array, expected):
                mine, all_of_them = weighted_truth(true, [(at, 0), (at, 1)]), weighted_truth(true, EVERYWHERE)
                rates = (true[at].sum() / (40, 60)[at], true[:2, :2].sum() / 100)
                truths.append((mine, mine - ratio(true[at]), mine - all_of_them, rates[0], rates[0] - rates[1]))
            assert one.against_all is not None
            against = covered[cohort].against_all
            assert against is not None
            figures = (one.weighted, one.less_plain.figure, one.against_all.figure, covered[cohort].per_thousand)
            for name, figure, actual, underlying in zip(names, (*figures, against.figure), *truths, strict=True):
                tallies[name].add(figure, actual, underlying)
    for tally in tallies.values():
        tally.check()


def test_intervals_hold_where_all_strata_are_at_their_floor() -> None:
    """Shown or not by noise, with strata that are unlike: what is shown of regions is covered.

    Shown where the noisy people are many, the low ratio came out low in what is shown, and `noise` held 88 in 100.
    """
    rng, layout = np.random.default_rng(35), layout_of(16.0)
    least = borne(DISPLAY, layout.variance(STRATA) * float(layout.spread.sum()))
    expected = people([[least, least, 30], [least, least, 30], [60, 60, 30]], {0: 0.08, 1: 0.12})
    tally, result = Tally(), 0
    for _ in range(3 * REPETITIONS):
        array = rng.poisson(expected).astype(np.float64)
        found = poststratified(noisy_release(layout, array, rng), STRATA, PUBLIC, ("region",), headline("low_share"))
        for at, cohort in enumerate((("north",), ("south",))):
            if cohort in found:
                result += 1
                places = [(at, 0), (at, 1)]
                tally.add(found[cohort].weighted, weighted_truth(array, places), weighted_truth(expected, places))
    assert 0.1 < result / (6 * REPETITIONS) < 0.9
    tally.check()


def test_a_shape_s_covariances_are_computed_once_and_cannot_be_written() -> None:
    """What is kept equals what a new layout computes, to the last bit, and the same shape is one layout."""
    kept = layout_of(16.0)
    for table in kept.sigma:
        assert kept.covariances(table) is kept.covariances(table)
        assert (kept.covariances(table) == layout_of(16.0).covariances(table)).all()
        cell = (0,) * len(table)
        assert kept.variance(table) == kept.covariance(table, cell, table, cell)
        with pytest.raises(ValueError, match="read-only"):
            kept.covariances(table)[0, 0] = 0.0
    assert (kept.back == np.linalg.pinv(np.array(kept.basis, dtype=np.float64))).all()


def test_intervals_of_the_weights_hold() -> None:
    """Everyone's weighted figure, design effect and effective people are covered, the people being who they are."""
    rng, layout, array = np.random.default_rng(33), layout_of(16.0), people(SIZES, MANY)
    counts = array[:2, :2].sum(axis=-1).ravel()
    parts = np.array([0.15, 0.25, 0.4, 0.2])
    effective = 1 / float((parts**2 / counts).sum())
    true = (weighted_truth(array, EVERYWHERE), float(counts.sum()) / effective, effective)
    held: list[list[bool]] = []
    for _ in range(REPETITIONS):
        found = poststratified(noisy_release(layout, array, rng), STRATA, PUBLIC, (), headline("low_share"))[()]
        ends = [one.noise for one in (found.weighted, found.design_effect, found.effective_people)]
        held.append([it is not None and it.low <= value <= it.high for it, value in zip(ends, true, strict=True)])
    assert ((np.mean(held, axis=0) > 0.935) & (np.mean(held, axis=0) < 0.965)).all()


def test_the_bias_of_noisy_ratios_is_taken_back() -> None:
    """Near the floor noise raises a ratio; on average over 20,000 releases most of that is gone."""
    rng, size = np.random.default_rng(34), 20_000
    top, bottom = 30.0 + rng.normal(0, 18, size), 150.0 + rng.normal(0, 30, size)
    groups, ones = np.ones((1, 1)), np.ones(1)
    each = np.diag([18.0**2, 30.0**2])
    found = [
        weighted_sum(Cells(np.array([a]), np.array([b]), np.ones((1, 1)), each), groups, ones)
        for a, b in zip(top, bottom, strict=True)
    ]
    off = np.mean([one.value for one in found]) - 0.2
    left = np.mean([one.value - one.bias for one in found]) - 0.2
    assert off > 0.007
    assert abs(left) < off / 3
