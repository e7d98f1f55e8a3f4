"""In its coordinates a profile's noise is independent, and every profile can be found again from them."""

import numpy as np
import pytest

from analytics.layout import Array
from analytics.trends.modelling.coordinates import Coordinates

CATEGORIES = (2, 3, 5, 30)


def example(categories: int, seed: int = 1) -> tuple[Array, Array, Array]:
    """Return a profile, a noise covariance with correlations, and the weights of a mean."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(categories, categories))
    profile = rng.dirichlet(np.ones(categories)) + 0.05
    return profile / profile.sum(), root @ root.T + np.eye(categories), np.linspace(0.0, 1.0, categories)


@pytest.mark.parametrize("categories", CATEGORIES)
@pytest.mark.parametrize("has_mean", [True, False])
def test_the_noise_of_a_difference_is_independent_and_of_variance_one(categories: int, *, has_mean: bool) -> None:
    """Of a cell less its people in the profile: the number of people has noise, too."""
    profile, noise, mean = example(categories)
    functionals = Coordinates.around(profile, noise, mean if has_mean else None).functionals
    less_people = np.eye(categories) - np.outer(profile, np.ones(categories))
    own = functionals @ less_people @ noise @ less_people.T @ functionals.T
    assert own == pytest.approx(np.eye(categories - 1), abs=1e-7)


@pytest.mark.parametrize("categories", CATEGORIES)
def test_directions_lead_back(categories: int) -> None:
    """And keep the sum of categories."""
    profile, noise, mean = example(categories)
    found = Coordinates.around(profile, noise, mean)
    assert found.functionals @ found.directions == pytest.approx(np.eye(categories - 1), abs=1e-7)
    assert found.directions.sum(axis=0) == pytest.approx(np.zeros(categories - 1), abs=1e-7)
    difference = np.random.default_rng(2).normal(size=(4, categories))
    difference -= difference.mean(axis=1, keepdims=True)
    assert found.of(difference) @ found.directions.T == pytest.approx(difference, abs=1e-7)


@pytest.mark.parametrize("categories", CATEGORIES)
def test_the_first_direction_is_that_of_a_shift_of_mood(categories: int) -> None:
    """Categories over the mean gain and those under it lose, each in proportion to its people."""
    profile, noise, mean = example(categories)
    found = Coordinates.around(profile, noise, mean).directions[:, 0]
    shift = profile * (mean - profile @ mean)
    assert found / np.abs(found).max() == pytest.approx(shift / np.abs(shift).max(), abs=1e-7)


@pytest.mark.parametrize("categories", CATEGORIES)
def test_the_spread_is_that_of_one_person_s_category(categories: int) -> None:
    profile, noise, mean = example(categories)
    found = Coordinates.around(profile, noise, mean)
    one_person = np.diag(profile) - np.outer(profile, profile)
    assert found.spread == pytest.approx(np.einsum("jc,cd,jd->j", found.functionals, one_person, found.functionals))


def test_an_empty_category_has_a_spread() -> None:
    """Nobody was in it at the first release; somebody may be later."""
    _, noise, _ = example(3)
    found = Coordinates.around(np.array([0.5, 0.5, 0.0]), noise, None)
    assert np.isfinite(found.functionals).all()
    assert (found.spread > 0).all()


def test_categories_that_are_quite_alike_have_the_same_directions_on_every_machine() -> None:
    """Nobody in six of seven categories: the last bits of the noise, which differ by machine, choose no direction."""
    profile = np.array([1.0, 0, 0, 0, 0, 0, 0])
    bits = 1e-14 * np.random.default_rng(1).standard_normal((7, 7))
    one, other = (Coordinates.around(profile, np.eye(7) + part, None) for part in (np.zeros((7, 7)), bits + bits.T))
    assert np.abs(one.directions - other.directions).max() < 1e-8
