"""The modelled past as it is seen from the newest release: later releases say more about an earlier one.

A backward pass over what every release knew (Rauch, Tung and Striebel 1965), for levels as the bank saw them on the
whole; a period's own value follows its level. Cells add up as they did.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.layout import Array, Dimensions
from analytics.trends.modelling.bank import Seen
from analytics.trends.modelling.followed import Followed, cells_of
from analytics.trends.modelling.margins import Cells, added_up
from analytics.trends.modelling.model import ModelledRelease


@dataclass(frozen=True)
class Past:
    """One table of an earlier release as it is seen from the newest."""

    cells: Cells
    shared: Array
    """Each cell's covariance with the newest release: cells x categories (newest) x categories (then)."""


@dataclass(frozen=True)
class _Level:
    """A level as it is seen from the newest release."""

    mean: Array
    variance: Array
    shared: Array
    """Covariance with the newest level."""


@dataclass(frozen=True)
class _Own:
    """A period's own value as it is seen from the newest release."""

    mean: Array
    variance: Array
    shared: Array
    """Covariance with the newest own value."""


@dataclass(frozen=True)
class _Levels:
    """Of one table."""

    sizes: _Level
    profiles: _Level


def looked_back(
    releases: Sequence[ModelledRelease], wanted: Sequence[tuple[int, Sequence[Dimensions]]]
) -> dict[int, dict[Dimensions, Past]]:
    """Return tables of earlier releases by place in `releases`; `wanted` are places with the tables wanted of each.

    Simpler tables that the wanted ones must add up to come with them.
    """
    asked, newest = dict(wanted), releases[-1]
    found = {}
    for place, levels in _backwards(releases):
        if place in asked:
            tables = {part for table in asked[place] for part in newest.followed if set(part) <= set(table)}
            found[place] = _tables(releases[place], newest, levels, tables)
    return found


def _backwards(releases: Sequence[ModelledRelease]) -> Iterator[tuple[int, dict[Dimensions, _Levels]]]:
    """Yield every place with its levels, newest first."""
    newest = releases[-1].followed
    levels = {table: _Levels(_as_it_is(one.sizes), _as_it_is(one.profiles)) for table, one in newest.items()}
    yield len(releases) - 1, levels
    for place in range(len(releases) - 2, -1, -1):
        now, then = releases[place + 1].followed, releases[place].followed
        levels = {
            table: _Levels(
                _earlier(then[table].sizes, now[table].sizes, one.sizes),
                _earlier(then[table].profiles, now[table].profiles, one.profiles),
            )
            for table, one in levels.items()
        }
        yield place, levels


def _as_it_is(seen: Seen) -> _Level:
    return _Level(seen.level, seen.level_variance, seen.level_variance)


def _earlier(then: Seen, now: Seen, level: _Level) -> _Level:
    """Take one step back, from `level` of the release after."""
    predicted = then.level_variance + now.moved
    back = then.level_variance / predicted
    return _Level(
        mean=then.level + back * (level.mean - then.level),
        variance=np.maximum(then.level_variance + back**2 * (level.variance - predicted), 0.0),
        shared=back * level.shared,
    )


def _own(then: Seen, newest: Seen, level: _Level) -> _Own:
    link = then.link / then.level_variance
    return _Own(
        mean=then.own + link * (level.mean - then.level),
        variance=np.maximum(then.own_variance + link**2 * (level.variance - then.level_variance), 0.0),
        shared=link * newest.link / newest.level_variance * level.shared,
    )


def _tables(
    release: ModelledRelease,
    newest: ModelledRelease,
    levels: dict[Dimensions, _Levels],
    tables: set[Dimensions],
) -> dict[Dimensions, Past]:
    cells: dict[Dimensions, Cells] = {}
    found = {}
    for table, then in release.followed.items():
        if table in tables:
            now = newest.followed[table]
            sizes = _own(then.sizes, now.sizes, levels[table].sizes)
            profiles = _own(then.profiles, now.profiles, levels[table].profiles)
            people, profile, plain = _plainly(release, then, sizes, profiles)
            cells[table] = added_up(release.layout, table, plain, cells)
            shared = _shared(
                release, now, (people, profile), (sizes.shared[:, 0] * then.forecast.people, profiles.shared)
            )
            found[table] = Past(cells[table], shared)
    return found


def _plainly(release: ModelledRelease, then: Followed, sizes: _Own, profiles: _Own) -> tuple[Array, Array, Cells]:
    """Return people, profiles and cells before they are made to add up."""
    scale = then.forecast.people
    people = sizes.mean[:, 0] * scale
    profile = then.forecast.profile + profiles.mean @ release.coordinates.directions.T
    variance = sizes.variance[:, 0] * scale**2
    return people, profile, cells_of(release.coordinates, people, variance, profile, profiles.variance)


def _shared(release: ModelledRelease, now: Followed, then: tuple[Array, Array], shared: tuple[Array, Array]) -> Array:
    """Return each cell's covariance with the newest; `then` and `shared` are of numbers of people and of profiles."""
    (people, profile), (of_people, of_profiles) = then, shared
    directions = release.coordinates.directions
    persons: Array = (of_people * now.forecast.people)[:, None, None] * now.profile[:, :, None] * profile[:, None, :]
    differences: Array = np.einsum("cj,nj,dj->ncd", directions, of_profiles, directions)
    return persons + (now.people * people)[:, None, None] * differences
