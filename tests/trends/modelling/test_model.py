"""A measure is followed from release to release, whatever its tables and categories are."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass

import numpy as np
import pytest

from analytics.layout import Array, Dimensions, Layout
from analytics.trends.modelling.model import MeasureModel, ModelledRelease

SIGMA = 20.0
CROSSED: tuple[Dimensions, ...] = ((), ("region",), ("age",), ("region", "age"))


def layout(keys: dict[str, int], tables: Sequence[Dimensions], categories: int) -> Layout:
    """Return tables whose categories are each measured by themselves."""
    identity = tuple(tuple(int(row == column) for column in range(categories)) for row in range(categories))
    return Layout(keys, dict.fromkeys(tables, SIGMA), identity)


def releases(shape: Layout, number: int, people: float = 400.0, seed: int = 1) -> list[dict[Dimensions, Array]]:
    """Return noisy tables of a service in which every finest cell has as many people in the same profile."""
    rng, categories = np.random.default_rng(seed), len(shape.basis)
    profile, finest = rng.dirichlet(np.ones(categories) * 3), shape.size(shape.keys)
    exact = {table: np.tile(people * finest / shape.size(table) * profile, shape.size(table)) for table in shape.sigma}
    return [
        {table: cells + rng.normal(scale=shape.sigma[table], size=cells.size) for table, cells in exact.items()}
        for _ in range(number)
    ]


def followed(shape: Layout, noisy: list[dict[Dimensions, Array]]) -> tuple[MeasureModel, list[ModelledRelease]]:
    model, found = MeasureModel(mean=np.linspace(0, 1, len(shape.basis))), []
    for one in noisy:
        model, release = model.step(shape, one)
        found.append(release)
    return model, found


def numbers(value: object) -> list[float]:
    """Return all numbers in a value, however deep."""
    if isinstance(value, np.ndarray):
        return [float(number) for number in value.ravel()]
    if isinstance(value, float):
        return [value]
    if isinstance(value, dict):
        return [number for one in value.values() for number in numbers(one)]
    if is_dataclass(value):
        return [number for field in fields(value) for number in numbers(getattr(value, field.name))]
    return []


SHAPES = {
    "region by age": (layout({"region": 3, "age": 4}, CROSSED, 5), 400.0),
    "everybody alone": (layout({"region": 3}, [()], 5), 400.0),
    "one cell in each table": (layout({"region": 1, "age": 1}, CROSSED, 5), 400.0),
    "two categories": (layout({"region": 3, "age": 4}, CROSSED, 2), 400.0),
    "thirty categories": (layout({"region": 3, "age": 2}, CROSSED, 30), 4_000.0),
    "three dimensions": (
        layout({"region": 2, "age": 3, "service": 2}, [*CROSSED, ("region", "age", "service")], 3),
        400.0,
    ),
    "the finest table alone": (layout({"region": 2, "age": 3}, [("region", "age")], 3), 400.0),
    "nobody": (layout({"region": 3, "age": 4}, CROSSED, 5), 0.0),
}


@pytest.mark.parametrize("name", SHAPES)
def test_figures_are_finite_and_tables_add_up(name: str) -> None:
    """In every release, whatever the noise made of the cells; every variance is positive."""
    shape, people = SHAPES[name]
    model, found = followed(shape, releases(shape, 5, people))
    assert np.isfinite(numbers(model)).all()
    for release in found:
        whole = release.cells[()].persons[0]
        for cells in release.cells.values():
            assert np.isfinite(cells.persons).all()
            assert (np.einsum("ncc->nc", cells.covariance) > 0).all()
            assert cells.persons.sum(axis=0) == pytest.approx(whole, abs=1e-6 * max(1.0, float(np.abs(whole).max())))


def test_a_service_without_people_and_without_noise_gives_finite_figures() -> None:
    """All zeros: there is no profile, and nothing is divided by nobody."""
    shape, _ = SHAPES["region by age"]
    nothing = {table: np.zeros(shape.size(table) * 5) for table in shape.sigma}
    model, found = followed(shape, [nothing] * 4)
    assert np.isfinite(numbers(model)).all()
    assert all(np.isfinite(cells.persons).all() for cells in found[-1].cells.values())
    assert float(found[-1].cells[()].persons.sum()) < 3 * SIGMA


@pytest.mark.parametrize("name", ["region by age", "two categories", "three dimensions"])
def test_noise_is_averaged_over_releases(name: str) -> None:
    """Nothing changes: from the tenth release on the crossed cells' people are less than half as far off."""
    shape, people = SHAPES[name]
    _, found = followed(shape, releases(shape, 20, people))
    finest = max(shape.sigma, key=len)
    exact = people * shape.size(shape.keys) / shape.size(finest)
    modelled = np.array([release.cells[finest].persons.sum(axis=1) - exact for release in found[10:]])
    plain = np.array([release.plain[finest].cells.sum(axis=1) - exact for release in found[10:]])
    assert np.mean(modelled**2) < np.mean(plain**2) / 4


def test_keys_in_another_order_give_the_same_figures_in_that_order() -> None:
    """Nothing depends on which region comes first."""
    shape, people = SHAPES["region by age"]
    order = [2, 0, 1]
    noisy = releases(shape, 6, people)
    other = [
        {
            table: cells.reshape(*(shape.keys[name] for name in table), 5)[order].ravel()
            if "region" in table
            else cells
            for table, cells in one.items()
        }
        for one in noisy
    ]
    (_, found), (_, moved) = followed(shape, noisy), followed(shape, other)
    for table in CROSSED:
        one, two = (
            each[-1].cells[table].persons.reshape(*(shape.keys[name] for name in table), 5) for each in (found, moved)
        )
        assert two == pytest.approx(one[order] if "region" in table else one, abs=1e-6)


def test_a_release_depends_on_the_releases_before_it_only() -> None:
    """The state is a value: a step from it gives the same whatever was stepped from it in between."""
    shape, people = SHAPES["region by age"]
    noisy = releases(shape, 6, people)
    model, _ = followed(shape, noisy[:4])
    kept = numbers(model)
    first = numbers(model.step(shape, noisy[4])[1].cells)
    model.step(shape, noisy[5])
    assert numbers(model.step(shape, noisy[4])[1].cells) == first
    assert numbers(model) == kept


def test_a_service_that_begins_with_nobody_is_read_soon() -> None:
    """Noise was its first profile and number: of the 1,200 people of the next release they are no part."""
    shape, people = SHAPES["everybody alone"]
    (exact,) = releases(Layout(shape.keys, {(): 1e-9}, shape.basis), 1, people)
    far = []
    for seed in range(30):
        noisy = [*releases(shape, 1, 0.0, seed=100 + seed), *releases(shape, 1, people, seed=1)]
        persons = followed(shape, noisy)[1][-1].cells[()].persons[0]
        far.append(float(np.abs(persons / persons.sum() - exact[()] / exact[()].sum()).max()))
        assert persons.sum() == pytest.approx(exact[()].sum(), abs=4 * SIGMA * 5**0.5)
    assert np.median(far) < 0.015
    assert max(far) < 0.02


def test_coordinates_stay_those_of_the_first_release() -> None:
    """Levels are carried in them."""
    shape, people = SHAPES["region by age"]
    _, found = followed(shape, releases(shape, 3, people))
    assert len({id(release.coordinates) for release in found}) == 1


def test_periods_without_a_release_are_less_sure() -> None:
    """Levels moved in each of them."""
    shape, people = SHAPES["region by age"]
    noisy = releases(shape, 6, people)
    model, _ = followed(shape, noisy[:5])
    soon, late = (model.step(shape, noisy[5], elapsed)[1].followed["region",] for elapsed in (1, 20))
    assert (late.profiles.level_variance > soon.profiles.level_variance).all()
    assert (late.sizes.moved > 4 * soon.sizes.moved).all()
