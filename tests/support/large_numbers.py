"""Invented numbers of a large service: people and low mood of every group in every week, with noise, by a fixed seed.

Planted: low mood in the first region is 14 points higher in the last nine weeks; the number of people falls by a third.
"""

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tests.support import published_fake

Numbers = npt.NDArray[np.float64]

HEADLINES = ("people", "low_share", "mean_mood")
LABELS = ("The number of people who logged", "Low mood", "Mean mood")
UNITS = ("persons", "percent", "0-100")
AGES = published_fake.AGES
SERVICES = published_fake.SERVICES
PEOPLE_OF_A_REGION = 1000
PLANTED_WEEKS, PLANTED_POINTS = 9, 14.0
BASELINE = 12
"""Weeks from which limits come, as in the real files."""
_KEPT_AT_THE_END = 2 / 3
_SEED = 20_261_122


@dataclass(frozen=True)
class Group:
    """One cohort of one table."""

    table: str
    cohort: str
    label: str
    cells: tuple[int, ...]
    """The places of the region and age band cells that it is the sum of; none for a service."""
    sigma: float
    public_size: int | None
    """None where a part of it is not known."""

    @property
    def floor(self) -> float:
        """The noisy people from which the group is displayed."""
        return 9 + 3.72 * self.sigma

    @property
    def is_known(self) -> bool:
        """Whether no part of its place is unknown."""
        return "unknown" not in self.cohort


@dataclass(frozen=True)
class Invented:
    """Figures by week, group and headline. A withheld one is not a number."""

    groups: tuple[Group, ...]
    people: Numbers
    """Noisy, by week and group; also of withheld groups."""
    estimate: Numbers
    noise: Numbers
    """Half of the interval for these participants."""
    shown: Numbers
    smooth: Numbers
    """Estimates with earlier weeks used as well, of all groups."""
    run: Numbers
    """Weeks outside the limits up to this one, signed; 0 inside."""
    centre: Numbers
    reach: Numbers
    """Half of the distance between the limits, by group and headline."""


def region_keys(regions: int) -> dict[str, str]:
    """Return the labels of `regions` known regions and of the unknown one."""
    return {f"area_{one:03d}": f"Area {one}" for one in range(1, regions + 1)} | {"unknown": "Region not known"}


def invented(weeks: int, regions: int) -> Invented:
    """Return the numbers of a service of about 1,000 people a region."""
    rng = np.random.RandomState(_SEED)
    groups = _groups(regions, rng)
    people, low = _truth(groups, weeks, regions, rng)
    sigma = np.array([one.sigma for one in groups])
    counted = people + 0.8 * sigma * rng.standard_normal(people.shape)
    at_least = np.maximum(people, 12.0)
    ratio_noise = 45 * sigma / at_least
    sampling = 100 * np.sqrt(0.18 / at_least)
    figure = low + 0.5 * ratio_noise * rng.standard_normal(low.shape) + 0.5 * sampling * rng.standard_normal(low.shape)
    mean = 100 - 1.7 * figure
    estimate = np.stack([counted, figure, mean], axis=-1)
    half = np.stack([np.broadcast_to(1.6 * sigma, low.shape), 1.96 * ratio_noise, 2.2 * ratio_noise], axis=-1)
    shown = np.hypot(half, np.stack([1.2 * np.sqrt(at_least), 1.96 * sampling, 2.2 * sampling], axis=-1))
    truth = np.stack([people, low, 100 - 1.7 * low], axis=-1)
    floors = np.array([one.floor for one in groups])
    estimate[counted < floors] = np.nan
    smooth = truth + 0.3 * (np.nan_to_num(estimate - truth))
    baseline = slice(0, min(BASELINE, weeks))
    is_whole = np.isfinite(estimate[baseline]).all(axis=0)
    centre = np.where(is_whole, np.nan_to_num(estimate[baseline]).mean(axis=0), np.nan)
    reach = np.where(is_whole, 1.6 * shown[baseline].mean(axis=0), np.nan)
    return Invented(groups, counted, estimate, half, shown, smooth, _runs(estimate, centre, reach), centre, reach)


def _groups(regions: int, rng: np.random.RandomState) -> tuple[Group, ...]:
    names, ages, services = region_keys(regions), _labels("age_band"), _labels("service")
    cells = list(itertools.product(names, AGES))
    place = {cell: number for number, cell in enumerate(cells)}
    sizes = {cell: int(rng.randint(9_000, 30_000)) for cell in cells if "unknown" not in cell}
    everywhere = tuple(place.values())
    found = [Group("all", "all", "All participants", everywhere, 23.02, sum(sizes.values()))]
    for table, position, labels in (("region", 0, names), ("age_band", 1, ages)):
        for key, label in labels.items():
            mine = [cell for cell in cells if cell[position] == key]
            size = None if key == "unknown" else sum(sizes.get(cell, 0) for cell in mine)
            found.append(Group(table, key, label, tuple(place[cell] for cell in mine), 20.5, size))
    found += [Group("service", key, label, (), 20.5, None) for key, label in services.items()]
    for region, age in cells:
        label = f"{names[region]}, {ages[age]}"
        size = sizes.get((region, age))
        found.append(Group("region_by_age_band", f"{region}/{age}", label, (place[region, age],), 18.7, size))
    return tuple(found)


def _labels(dimension: str) -> dict[str, str]:
    keys = published_fake.DIMENSIONS[dimension]["keys"]
    return dict(keys) if isinstance(keys, dict) else {}


def _truth(groups: tuple[Group, ...], weeks: int, regions: int, rng: np.random.RandomState) -> tuple[Numbers, Numbers]:
    """Return people and low mood by week and group, without noise."""
    weight = np.append(rng.uniform(0.4, 1.6, regions), 0.02 * regions)
    share = np.outer(weight / weight.sum(), list(AGES.values())).ravel()
    total = PEOPLE_OF_A_REGION * regions * np.linspace(1, _KEPT_AT_THE_END, weeks)
    of_cells = total[:, None] * share
    by_region = np.repeat(rng.normal(22, 2, regions + 1), len(AGES))
    by_age = np.tile([4.0, 1.0, 0.0, -1.0, -4.0, 0.0], regions + 1)
    season = 1.5 * np.sin(np.arange(weeks) * 2 * np.pi / 52)
    low_of_cells = season[:, None] + by_region + by_age
    low_of_cells[-PLANTED_WEEKS:, : len(AGES)] += PLANTED_POINTS
    people, low = np.empty((weeks, len(groups))), np.empty((weeks, len(groups)))
    for number, one in enumerate(groups):
        places = list(one.cells) or list(range(len(share)))
        part = SERVICES[one.cohort] if one.table == "service" else 1.0
        people[:, number] = part * of_cells[:, places].sum(axis=1)
        low[:, number] = (of_cells[:, places] * low_of_cells[:, places]).sum(axis=1) / of_cells[:, places].sum(axis=1)
    return people, low


def _runs(estimate: Numbers, centre: Numbers, reach: Numbers) -> Numbers:
    runs = np.zeros_like(estimate)
    for week in range(BASELINE, len(estimate)):
        off = np.nan_to_num(estimate[week] - centre)
        side = np.sign(off) * (np.abs(off) > np.nan_to_num(reach, nan=np.inf))
        goes_on = (side != 0) & (np.sign(runs[week - 1]) == side)
        runs[week] = np.where(goes_on, runs[week - 1] + side, side)
    return runs
