"""One measure of one product, from release to release: noisy tables in, modelled tables out.

The state after a release is a value: a release's figures depend on it and on the releases before, and on nothing later.
"""

import functools
from dataclasses import dataclass, replace

import numpy as np

from analytics.layout import Array, Dimensions, Layout
from analytics.trends.estimation.estimates import assembled, components_of
from analytics.trends.modelling import settings
from analytics.trends.modelling.coordinates import Coordinates
from analytics.trends.modelling.filtering import followed
from analytics.trends.modelling.followed import Followed, Known, Noisy, Shape
from analytics.trends.modelling.margins import Cells, added_up


@dataclass(frozen=True)
class ModelledRelease:
    """All tables of one release: each of the plan's, and every simpler one that they imply; cells in grid order."""

    layout: Layout
    coordinates: Coordinates
    plain: dict[Dimensions, Noisy]
    followed: dict[Dimensions, Followed]

    @functools.cached_property
    def cells(self) -> dict[Dimensions, Cells]:
        """The cells as published: regions add up to everybody. The next release does not depend on them."""
        found: dict[Dimensions, Cells] = {}
        for table, one in self.followed.items():
            found[table] = added_up(self.layout, table, one.cells(self.coordinates), found)
        return found


@dataclass(frozen=True)
class MeasureModel:
    """A measure's state after the releases so far."""

    mean: Array | None = None
    """The weights of the measure's mean, if it has one."""
    coordinates: Coordinates | None = None
    reference: Array | None = None
    known: dict[Dimensions, Known] | None = None

    def step(
        self, layout: Layout, noisy: dict[Dimensions, Array], elapsed: int = 1
    ) -> tuple["MeasureModel", ModelledRelease]:
        """Take in a release: each table's noisy coordinates in persons (flat, in the table's order).

        `elapsed` is how many periods have gone by since the release before.
        """
        components = components_of(layout, noisy)
        plain = {
            table: Noisy(assembled(layout, components, table).reshape(layout.size(table), -1), layout.variance(table))
            for table in layout.component_variance
        }
        model = self if self.coordinates else self._begun(layout, plain[()])
        assert model.coordinates is not None and model.reference is not None  # noqa: S101, PT018 -- begun
        known, tables = dict(model.known or {}), dict[Dimensions, Followed]()
        for table, reconciled in plain.items():
            simpler = {part: tables[part] for part in tables if set(part) < set(table)}
            shape = Shape(layout, table, model.coordinates, model.reference, elapsed)
            known[table], tables[table] = followed(shape, known.get(table), reconciled, simpler)
        release = ModelledRelease(layout, model.coordinates, plain, tables)
        return replace(model, known=known), release

    def _begun(self, layout: Layout, everybody: Noisy) -> "MeasureModel":
        """Fix the coordinates around everybody's first profile."""
        noise = np.sqrt(everybody.variance * layout.spread.diagonal())
        persons = np.maximum(everybody.cells[0], 1.0) + settings.FIRST_DOUBT * noise
        profile = persons / persons.sum()
        coordinates = Coordinates.around(profile, layout.spread, self.mean)
        return replace(self, coordinates=coordinates, reference=profile)
