"""Modelled tables add up, by the least change that does it."""

import numpy as np
import pytest

from analytics.layout import Array, Dimensions, Layout
from analytics.trends.modelling.margins import Cells, added_up

LAYOUT = Layout({"region": 3, "age": 2, "service": 2}, {("region", "age", "service"): 1.0}, ((1, 0), (0, 1)))
TABLES: tuple[Dimensions, ...] = tuple(LAYOUT.component_variance)
CATEGORIES = 2


def some(size: int, seed: int) -> Cells:
    """Return cells of 20 to 200 people, each known to another variance."""
    rng = np.random.default_rng(seed)
    spread = rng.uniform(1.0, 30.0, size)
    return Cells(rng.uniform(20.0, 200.0, (size, CATEGORIES)), spread[:, None, None] * np.eye(CATEGORIES))


def all_added_up() -> tuple[dict[Dimensions, Cells], dict[Dimensions, Cells]]:
    """Return every table of three dimensions before and after."""
    before = {table: some(LAYOUT.size(table), seed) for seed, table in enumerate(TABLES)}
    after: dict[Dimensions, Cells] = {}
    for table in TABLES:
        after[table] = added_up(LAYOUT, table, before[table], after)
    return before, after


def shaped(table: Dimensions, persons: Array) -> Array:
    return persons.reshape(*(LAYOUT.keys[name] for name in table), CATEGORIES)


def test_every_table_adds_up_to_every_simpler_one() -> None:
    """Ages of a region to the region, services of a region and age to these, and so on."""
    _, after = all_added_up()
    for table in TABLES:
        for part in TABLES:
            if set(part) < set(table):
                gone = tuple(axis for axis, name in enumerate(table) if name not in part)
                summed = shaped(table, after[table].persons).sum(axis=gone)
                assert summed == pytest.approx(shaped(part, after[part].persons), abs=1e-7)


def test_the_change_is_the_least_by_what_each_cell_may_change() -> None:
    """As generic constrained least squares gives it: minimise (x - y)² / variance such that the sums hold."""
    before, after = all_added_up()
    table: Dimensions = ("region", "age")
    own, size = before[table], LAYOUT.size(table)
    places = np.arange(size).reshape(3, 2)
    sums = np.array([[float(place in row) for place in range(size)] for row in [*places, *places.T]])
    wanted = np.concatenate([after["region",].persons, after["age",].persons])
    weight = np.diag(1 / own.covariance[:, 0, 0])
    nothing = np.zeros((len(sums), len(sums)))
    system = np.block([[weight, sums.T], [sums, nothing]])
    solved = np.linalg.lstsq(system, np.concatenate([weight @ own.persons, wanted]))[0][:size]
    assert after[table].persons == pytest.approx(solved, abs=1e-6)


def test_cells_that_add_up_stay_as_they_are() -> None:
    _, after = all_added_up()
    again = added_up(LAYOUT, ("region", "age"), after["region", "age"], after)
    assert again.persons == pytest.approx(after["region", "age"].persons, abs=1e-7)


def test_a_cell_that_is_known_exactly_does_not_change() -> None:
    """The others of its region and its age make up for it."""
    before, after = all_added_up()
    own = before["region", "age"]
    own.covariance[3] = 0.0
    found = added_up(LAYOUT, ("region", "age"), own, after)
    assert found.persons[3] == pytest.approx(own.persons[3], abs=1e-7)


def test_what_is_known_of_sums_is_known_of_their_cells() -> None:
    """Cells that could be anything between them are as unsure as the sum is where it is the only one of them."""
    layout = Layout({"region": 1}, {("region",): 1.0}, ((1, 0), (0, 1)))
    whole = Cells(np.array([[30.0, 70.0]]), np.array([[[4.0, 1.0], [1.0, 9.0]]]))
    found = added_up(layout, ("region",), some(1, 5), {(): whole})
    assert found.persons == pytest.approx(whole.persons)
    assert found.covariance == pytest.approx(whole.covariance)
