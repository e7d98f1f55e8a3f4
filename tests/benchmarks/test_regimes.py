"""The services on which modelled figures are judged are exact, come out the same again, and hold what they name."""

import itertools
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from analytics.contracts import MICRO, read_plan, shipped_contracts, table_name
from analytics.layout import Array, Dimensions
from analytics.simulation.draws import Whole, stream
from benchmarks.modelled import regimes
from benchmarks.modelled.folk import invent
from benchmarks.modelled.logged import days_logged, shares, summed
from benchmarks.modelled.planted import ALL, grid
from benchmarks.modelled.regimes import EVENTS, PEOPLE, REGIMES, TABLES, WEEKS, event, exact, peers

LOUD = [regime for regime in REGIMES if EVENTS[regime].steps]
OTHER_PEOPLE = ("new_cohort", "heavy", "unlike", "clusters")
"""Regimes that are about other people than those of the quiet service."""

MIDDLES = np.array([0, 25, 50, 75, 100])


@cache
def made(regime: str) -> dict[Dimensions, Whole]:
    """Return the first service of a regime, in its usual size."""
    return exact(regime, 1)


def people(regime: str, table: Dimensions) -> Array:
    """Return how many log, by week and cell."""
    counts: Array = made(regime)[table].sum(axis=-1) / MICRO
    return counts


def mood(regime: str, table: Dimensions) -> Array:
    """Return the mean of the bands' middles, by week and cell."""
    sums = made(regime)[table]
    means: Array = sums @ MIDDLES / sums.sum(axis=-1)
    return means


def key(dimension: str, name: str) -> int:
    return grid().keys(dimension).index(name)


def counted_days(regime: str) -> list[Whole]:
    planted = ALL[regime](WEEKS)
    folk = invent(stream(1, 10), planted.make, grid(), PEOPLE, WEEKS)
    return list(days_logged(stream(1, 11), folk, planted))


def test_the_tables_are_those_of_the_standard_plan() -> None:
    """Of its weekly release, on the grid that the project brings."""
    plan, public = read_plan(shipped_contracts(), "standard")
    assert plan.products["weekly_mood"].tables["mood_bands"] == TABLES
    assert all(made("quiet")[table].shape == (WEEKS, *public.shape(table), 5) for table in TABLES)


@pytest.mark.parametrize("regime", REGIMES)
def test_every_table_adds_up_to_everybody(regime: str) -> None:
    """To the micro-person, and region by age to regions and to ages; no sum is negative."""
    sums = made(regime)
    assert all(each.dtype == np.int64 and each.min() >= 0 for each in sums.values())
    for table in TABLES:
        axes = tuple(range(1, 1 + len(table)))
        assert np.array_equal(sums[table].sum(axis=axes), sums[()])
    assert np.array_equal(sums["region", "age_band"].sum(axis=2), sums["region",])
    assert np.array_equal(sums["region", "age_band"].sum(axis=1), sums["age_band",])


def test_a_person_s_shares_are_their_days_rounded_down() -> None:
    """Thirds lose a micro-person, a whole loses none, and whoever did not log has nothing."""
    days = np.array([[1, 1, 1, 0, 0], [0, 0, 0, 7, 0], [0, 0, 0, 0, 0]])
    assert shares(days).tolist() == [[333_333] * 3 + [0, 0], [0, 0, 0, 1_000_000, 0], [0] * 5]


def test_nobody_is_more_than_one_person() -> None:
    """In each week; and whoever logged is one but for the rounding of five shares."""
    for days in counted_days("quiet"):
        assert days.min() >= 0
        assert days.sum(axis=1).max() <= 7
        totals = shares(days).sum(axis=1)[days.any(axis=1)]
        assert totals.min() >= MICRO - 4
        assert totals.max() <= MICRO


def test_sums_are_those_of_people_counted_one_by_one() -> None:
    """Random people in a small grid, against a loop."""
    rng = np.random.default_rng(5)
    values, places = rng.integers(0, MICRO, (50, 5)), [rng.integers(0, 3, 50), rng.integers(0, 2, 50)]
    slow = np.zeros((3, 2, 5), dtype=np.int64)
    for value, first, second in zip(values, *places, strict=True):
        slow[first, second] += value
    assert np.array_equal(summed(values, places, (3, 2)), slow)


@pytest.mark.parametrize("regime", REGIMES)
def test_a_seed_gives_the_same_service_again(regime: str) -> None:
    """And another seed another one."""
    first, again, other = (exact(regime, seed, 6, 500) for seed in (7, 7, 8))
    assert all(np.array_equal(first[table], again[table]) for table in TABLES)
    assert not np.array_equal(first[()], other[()])


def test_another_seed_gives_the_same_people_other_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """The people and their days are drawn apart, each from the seed."""
    folk = invent(stream(7, 10), ALL["quiet"](6).make, grid(), 500, 6)
    monkeypatch.setattr(regimes, "invent", lambda *_: folk)
    first, again, other = (exact("quiet", seed, 6, 500)[()] for seed in (7, 7, 8))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_file_holds_every_table_by_its_public_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same numbers, one file for each regime and seed."""
    words = ["--out", str(tmp_path), "--seeds", "2", "--weeks", "3", "step", "peers"]
    monkeypatch.setattr("sys.argv", ["regimes", *words])
    regimes.main()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{name}-{n}.npz" for name in ("peers", "step") for n in (1, 2)
    ]
    for name, sums in (("step", exact("step", 2, 3)), ("peers", peers(2))):
        with np.load(tmp_path / f"{name}-2.npz") as arrays:
            assert sorted(arrays) == sorted(table_name(table) for table in TABLES)
            assert all(np.array_equal(arrays[table_name(table)], each) for table, each in sums.items())


def test_about_as_many_log_as_in_the_demo() -> None:
    """From 11,000 to 7,300, of whom three in four log in the next week too."""
    log = people("quiet", ())
    assert log[0] == pytest.approx(11_000, rel=0.05)
    assert log[-1] == pytest.approx(7_300, rel=0.05)
    assert overlap("quiet") == pytest.approx(0.76, abs=0.03)


def overlap(regime: str) -> float:
    """Return which part of those who log in a week log in the next one."""
    logs = [days.any(axis=1) for days in counted_days(regime)]
    both = [np.count_nonzero(one & two) / np.count_nonzero(one) for one, two in itertools.pairwise(logs)]
    return float(np.mean(both))


@pytest.mark.parametrize("regime", [regime for regime in LOUD if regime not in OTHER_PEOPLE])
def test_a_sudden_change_hits_the_cells_named_and_no_other(regime: str) -> None:
    """Before the event all is as in the quiet service; in its first week exactly the cells that are hit differ."""
    planted = EVENTS[regime]
    assert planted.week is not None
    for table in TABLES:
        differs = (made(regime)[table] != made("quiet")[table]).any(axis=-1)
        assert not differs[: planted.week].any()
        assert np.array_equal(differs[planted.week], planted.cells[table_name(table)])


@pytest.mark.parametrize("regime", LOUD)
def test_the_first_step_is_the_event(regime: str) -> None:
    """A change that passes, or a second one, comes later."""
    planted = EVENTS[regime]
    weeks = list(planted.steps)
    assert weeks == sorted(weeks)
    assert weeks[0] == planted.week
    assert all(np.array_equal(planted.steps[weeks[0]][name], cells) for name, cells in planted.cells.items())


@pytest.mark.parametrize("regime", [regime for regime in REGIMES if EVENTS[regime].week is None])
def test_where_nothing_happens_no_cell_is_hit(regime: str) -> None:
    """The quiet service, and those that differ by their people."""
    assert not any(cells.any() for cells in EVENTS[regime].cells.values())


def test_events_move_with_the_number_of_weeks() -> None:
    """A step comes after two thirds."""
    assert event("step", 12).week == 8
    assert list(event("shock", 12).steps) == [6, 9]


def test_a_season_moves_everybody_s_mood_by_four_points_and_logging_by_a_tenth() -> None:
    """At the thirteenth week, a quarter of a year; the ends of the scale swallow some."""
    assert (mood("season", ()) - mood("quiet", ()))[13] == pytest.approx(3.6, abs=0.4)
    assert people("season", ())[13] / people("quiet", ())[13] == pytest.approx(1.04, abs=0.02)


def test_a_drift_goes_on_and_is_steeper_in_one_region() -> None:
    """0.4 points a week, and 0.7 in Centre, less what the ends of the scale swallow and those who stop."""
    fall = mood("quiet", ("region",)) - mood("drift", ("region",))
    assert fall[30, key("region", "east")] == pytest.approx(0.4 * 30, rel=0.2)
    assert fall[30, key("region", "centre")] == pytest.approx(0.7 * 30, rel=0.2)


def test_a_step_stays() -> None:
    """Of 15 points in South, some of which the ends of the scale swallow."""
    week, south = EVENTS["step"].week, key("region", "south")
    fall = (mood("quiet", ("region",)) - mood("step", ("region",)))[:, south]
    assert fall[week] == pytest.approx(13.5, abs=1.5)
    assert fall[-1] == pytest.approx(13.5, abs=2)


def test_a_shock_halves_the_loggers_for_three_weeks() -> None:
    """And in the fourth they are back."""
    first = EVENTS["shock"].week
    assert first is not None
    part = people("shock", ()) / people("quiet", ())
    assert part[first : first + 3] == pytest.approx(0.5, abs=0.02)
    assert part[first + 3 :] == pytest.approx(1)


def test_a_holiday_is_one_better_week_with_fewer_people() -> None:
    """30 in 100 are away, and the rest feel 5 points better."""
    only = EVENTS["holiday"].week
    assert only is not None
    part, better = people("holiday", ()) / people("quiet", ()), mood("holiday", ()) - mood("quiet", ())
    assert part[only] == pytest.approx(0.7, abs=0.02)
    assert better[only] == pytest.approx(4.5, abs=0.6)
    assert part[only + 1 :] == pytest.approx(1, abs=0.01)
    assert better[only + 1 :] == pytest.approx(0, abs=0.2)


def test_a_new_cohort_is_empty_until_it_starts() -> None:
    """Then about half of 1,200 people log each week, in every age band, and no other region grows by it."""
    first, coast = EVENTS["new_cohort"].week, key("region", "coast")
    assert first is not None
    regions = people("new_cohort", ("region",))
    assert not regions[:first, coast].any()
    assert regions[first, coast] == pytest.approx(550, rel=0.2)
    assert people("new_cohort", ("region", "age_band"))[first, coast].all()
    others = np.delete(regions, coast, axis=1).sum(axis=1)
    assert others[first] / others[first - 1] == pytest.approx(1, abs=0.03)


def test_what_closes_is_empty_from_then_on() -> None:
    """Coast first and student support later; nobody of theirs logs again."""
    first, second = EVENTS["closing"].steps
    region = people("closing", ("region",))[:, key("region", "coast")]
    service = people("closing", ("service",))[:, key("service", "student_support")]
    assert region[first - 1] > 300
    assert not region[first:].any()
    assert service[second - 1] > 300
    assert not service[second:].any()
    steps = EVENTS["closing"].steps
    assert np.flatnonzero(steps[first]["region"]).tolist() == [key("region", "coast")]
    assert np.flatnonzero(steps[second]["service"]).tolist() == [key("service", "student_support")]


def test_heavier_tails_mean_that_a_few_log_most_and_people_change_faster() -> None:
    """A tenth logs more than half of all days, and a third of a week's people do not log in the next."""
    assert tenth("heavy") > 0.5 > tenth("quiet")
    assert overlap("heavy") < 0.65
    assert people("heavy", ()) == pytest.approx(9_000, rel=0.1)


def tenth(regime: str) -> float:
    """Return which part of all days the tenth of people who log most logs."""
    days = np.sort(sum(each.sum(axis=1) for each in counted_days(regime)))
    days = days[days > 0]
    return float(days[-len(days) // 10 :].sum() / days.sum())


def test_unlike_regions_halve_from_one_to_the_next() -> None:
    """The smallest is 1/128 of all; its cells of region by age hold a few people, and never many."""
    regions = people("unlike", ("region",)).mean(axis=0)
    assert regions / regions.sum() == pytest.approx(2.0 ** -np.arange(1, 8), rel=0.25)
    cells = people("unlike", ("region", "age_band"))[:, -1]
    assert cells.max() < 40
    assert np.median(cells) < 10


def test_an_interaction_is_in_one_cell_alone() -> None:
    """12 points, less what the ends of the scale swallow; at first all other cells are as in the quiet service."""
    cell = (key("region", "west"), key("age_band", "25-34"))
    fall = (mood("quiet", ("region", "age_band")) - mood("interaction", ("region", "age_band")))[0]
    assert fall[cell] == pytest.approx(11, abs=1.5)
    assert np.count_nonzero(fall) == 1


def test_clusters_move_a_region_more_than_chance_does() -> None:
    """The change of a region's mean from week to week is larger than where people feel each for themselves."""
    changes = {
        regime: float(np.sqrt(np.mean(np.diff(mood(regime, ("region",))[:, :6], axis=0) ** 2)))
        for regime in ("quiet", "clusters")
    }
    assert changes["clusters"] > 1.3 * changes["quiet"]


def test_people_recruited_in_a_cluster_share_its_region_and_its_service() -> None:
    """Who feels the same wave lives in the same place, at the start."""
    folk = invent(stream(1, 10), ALL["clusters"](WEEKS).make, grid(), 2_000, WEEKS)
    waves, cluster = np.unique(folk.waves, axis=1, return_inverse=True)
    assert 100 < waves.shape[1] <= 250
    places = np.stack([cluster.ravel(), folk.keys["region"], folk.keys["service"]])
    assert np.unique(places, axis=1).shape[1] == waves.shape[1]


def test_the_peers_shape_adds_up_too() -> None:
    """12 weeks, 20 regions, 8 ages and 8 services, and nobody whose place is unknown."""
    sums = peers(1)
    assert {table: each.shape for table, each in sums.items()} == {
        (): (12, 5),
        ("region",): (12, 21, 5),
        ("age_band",): (12, 9, 5),
        ("service",): (12, 9, 5),
        ("region", "age_band"): (12, 21, 9, 5),
    }
    assert all(np.array_equal(each.sum(axis=tuple(range(1, each.ndim - 1))), sums[()]) for each in sums.values())
    assert not sums["region",][:, -1].any()
