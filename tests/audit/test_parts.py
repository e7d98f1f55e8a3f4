"""The audit in its short form: the build passes every part, and every part refuses what it must.

The noise has no seed, so each verdict here is a matter of odds. Each check states its odds, and the worst of
them are about 1 in 10^6 for a sound build.
"""

import math
from pathlib import Path

import numpy as np
import pytest

from analytics.audit import attacks, blackbox, canaries, coverage, invented, noise, weighted
from analytics.audit.effort import SHORT
from analytics.audit.faults import half_noise
from analytics.audit.harness import open_harness
from analytics.audit.scenarios import LOSS_NANO, audit_contracts, cohorts_of, member, periods, worst_category
from analytics.audit.scores import scores
from analytics.contracts import MICRO
from analytics.evidence import Evidence
from analytics.release.noise import noisy
from analytics.trends.estimation import figures, intervals
from analytics.trends.representation import poststratified

pytestmark = pytest.mark.timeout(600)  # many releases: slow on a busy machine


def failed(checks: list[Evidence]) -> list[str]:
    """Return the checks that failed, with what they found."""
    return [f"{check.name}: {check.result}" for check in checks if not check.passed]


def test_the_noise_is_the_claimed_one_at_every_scale(tmp_path: Path) -> None:
    """Every sigma of the shipped plans is accepted, noise 10 % off is refused, and cells are independent."""
    checks = noise.checks(tmp_path, SHORT)
    assert failed(checks) == []
    assert len(checks) == 2 * len(noise.scales()) + 1


@pytest.mark.parametrize("what", ["variance", "mean", "sign", "skew", "last digit", "law", "beyond 4 sigma"])
def test_each_look_at_the_noise_can_fail(what: str) -> None:
    """Noise that is wrong in one way is refused by the look at that way."""
    rng = np.random.default_rng(5)
    good = np.rint(rng.normal(0, 1e6, 20_000))
    wrong = {
        "variance": good * 1.1,
        "mean": good + 1e5,
        "sign": np.where(rng.random(20_000) < 0.1, np.abs(good), good),
        "skew": np.where(good > 2e6, good * 1.5, good),
        "last digit": 2 * np.rint(good / 2),
        "law": np.where(np.abs(good) < 3e5, 3e5, good),
        "beyond 4 sigma": np.where(rng.random(20_000) < 0.002, 5e6, good),
    }[what]
    assert noise.worst(noise.statistics_of(good, 1e6)).used <= 1
    assert next(one for one in noise.statistics_of(wrong, 1e6) if one.what == what).used > 1


def test_a_draw_shared_between_cells_is_seen() -> None:
    """Where two cells of each release have the same noise, the correlation at their distance is beyond the bound."""
    stream = np.random.default_rng(6).normal(0, 1, (50, 305))
    assert np.abs(noise.correlations(stream.ravel(), 610)).max() < noise.ERRORS
    stream[:, 100:140] = stream[:, 10:50]
    shared = np.abs(noise.correlations(stream.ravel(), 610))
    assert shared.argmax() + 1 == 90
    assert shared.max() > noise.ERRORS


def test_from_files_to_published_files_a_member_is_hidden_as_claimed(tmp_path: Path) -> None:
    """The lower bound on epsilon stays below the claim."""
    assert failed(blackbox.build_check(tmp_path, SHORT)) == []


def test_half_the_noise_is_refuted_from_files_to_published_files(tmp_path: Path) -> None:
    """The same harness refutes a build with half the noise."""
    assert failed(blackbox.half_noise_check(tmp_path, SHORT)) == []


def test_canaries_hold_the_build_and_refute_half_the_noise(tmp_path: Path) -> None:
    """One release of many canaries stays below the claim; with half the noise it does not."""
    assert failed(canaries.checks(tmp_path, SHORT)) == []
    assert canaries.power(math.sqrt(2), LOSS_NANO, SHORT.canaries) > 1 - 1e-9


def test_the_fault_halves_the_noise_and_nothing_else() -> None:
    """With the fault, values scatter half as far and the claimed loss is the same."""
    values, loss = half_noise([0] * 5000, 5000, MICRO, 10 * MICRO)
    whole, claimed = noisy([0] * 5000, 5000, MICRO, 10 * MICRO)
    assert loss == claimed
    assert np.std(values) == pytest.approx(np.std(whole) / 2, rel=0.15)


def hardly_any(exact: list[int], size: int, d_in: int, _sigma: int) -> tuple[tuple[int, ...], int]:
    """Return `exact` with noise of one micro-person."""
    return noisy(exact, size, d_in, 1)[0], LOSS_NANO // 3


def test_the_member_is_the_worst_case(tmp_path: Path) -> None:
    """With hardly any noise the score is the mu of the whole claimed loss: no table or weight is left out."""
    contracts = audit_contracts(1, blackbox.EVERYONE)
    plan = contracts.plan
    found = {}
    for present in (True, False):
        people = [member(0, plan, periods(1), other=1), *([member(0, plan, periods(1))] if present else [])]
        with open_harness(tmp_path / "side", contracts, people, hardly_any) as opened:
            published = opened.released(periods(1))
        found[present] = scores(published, [cohorts_of(0)], worst_category(plan), 1)[0, 0]
    assert found[False] == pytest.approx(0, abs=1e-6)
    assert found[True] == pytest.approx(math.sqrt(2 * LOSS_NANO / 1e9), rel=2e-3)


def test_intervals_hold_what_they_say(tmp_path: Path) -> None:
    """Through the engine to the published rows, under every plan that ships, for every kind and size."""
    checks = coverage.checks(tmp_path, SHORT)
    assert failed(checks) == []
    names = {check.name for check in checks}
    for plan in ("standard", "small"):
        for what in ("single cells", "people", "shares", "means", "changes of means", "roll-ups", "shares against all"):
            assert f"coverage, {plan} mood_bands: {what}" in names


def test_intervals_that_are_too_narrow_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Intervals of two fifths of their width are refused in every row, for all that so few repetitions allow."""
    for result in (intervals.count_figure, intervals.ratio_figure, figures.figure_of):
        monkeypatch.setattr(result, "__defaults__", (0.4 * intervals.Z,))
    small = [one for one in invented.scenarios() if one.plan.name == "small" and "mood_bands" in one.plan.measures]
    monkeypatch.setattr(coverage, "scenarios", lambda: small)
    checks = [check for check in coverage.checks(tmp_path, SHORT) if "not judged" not in check.bound]
    assert [check.name for check in checks if check.passed] == ["coverage, small mood_bands: single cells"]


def test_weighted_intervals_hold_at_the_floor(tmp_path: Path) -> None:
    """With strata that are unlike, for displayed figures, under every shipped plan's first weighted measure."""
    sized = [one for one in weighted.scenarios() if "mood_bands" in one[0].plan.measures]
    checks = [check for one in sized for check in weighted.scenario_checks(tmp_path, SHORT, *one)]
    assert failed(checks) == []
    names = {check.name for check in checks}
    for plan in ("standard", "small"):
        assert f"coverage, {plan} mood_bands: weighted, a stratum at the floor" in names
    assert "coverage, standard mood_bands: against all, a stratum at the floor" in names


def test_weighted_intervals_that_are_too_narrow_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Intervals of two fifths of their width are refused in every row."""
    monkeypatch.setattr(poststratified._figures, "__defaults__", (0.4 * intervals.Z,))
    (one,) = [one for one in weighted.scenarios() if one[0].plan.name == "small"]
    checks = weighted.scenario_checks(tmp_path, SHORT, *one)
    assert checks
    assert not any(check.passed for check in checks)


def test_attacks_find_what_theory_says_and_no_more(tmp_path: Path) -> None:
    """Every attack on published files stays below the bound, and sees what it can see."""
    checks = attacks.checks(tmp_path, SHORT)
    assert failed(checks) == []
    assert len({check.name for check in checks}) == 5


@pytest.mark.parametrize(
    ("mu", "holds", "passes"), [(0.7, True, True), (2.0, True, False), (0.0, True, False), (0.7, False, False)]
)
def test_a_drill_can_fail(mu: float, holds: bool, passes: bool) -> None:  # noqa: FBT001 -- arguments of a table
    """Members seen more than the bound allows fail a drill, and so does an attack that sees less than it can."""
    rng = np.random.default_rng(7)
    found = attacks.AttackScores(rng.normal(0, 1, 4000), rng.normal(mu, 1, 4000), 0.7)
    assert attacks.drilled("n", "s", found, LOSS_NANO, holds=holds).passed == passes
