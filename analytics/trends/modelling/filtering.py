"""One table of a measure, from one release to the next: numbers of people, then profiles, from the simpler tables'."""

from dataclasses import replace

from analytics.layout import Dimensions
from analytics.trends.modelling.followed import Followed, Forecast, Known, Noisy, Shape
from analytics.trends.modelling.profiles import Counted, Profiles
from analytics.trends.modelling.sizes import Sizes


def followed(
    shape: Shape, known: Known | None, noisy: Noisy, simpler: dict[Dimensions, Followed]
) -> tuple[Known, Followed]:
    """Take in a release of one table; `simpler` has every table of fewer of its dimensions.

    `known` is what was carried from the release before; None at the first.
    """
    sizes, profiles, is_first = Sizes(shape), Profiles(shape), known is None
    known = known or _beginning(shape, noisy, simpler)
    known, *predicted = sizes.forecast(known, noisy, simpler, is_first=is_first)
    expected, uncertainty = predicted
    ratios, seen = sizes.step(known.sizes, noisy, (expected, uncertainty), is_first=is_first)
    people, variance = seen.own[:, 0] * expected, seen.own_variance[:, 0] * expected**2
    counted = Counted(noisy, people, variance)
    known, profile, unsure = profiles.forecast(known, counted, simpler, is_first=is_first)
    differences, apart = profiles.step(known, counted, (profile, unsure), is_first=is_first)
    result = Followed(
        forecast=Forecast(expected, uncertainty, profile, unsure),
        people=people,
        people_variance=variance,
        profile=profile + apart.own @ shape.coordinates.directions.T,
        profile_variance=apart.own_variance,
        sizes=seen,
        profiles=apart,
    )
    everybody = simpler[()] if shape.table else result
    known = replace(known, sizes=ratios, profiles=differences)
    whole = max(float(everybody.people[0]), 1.0)
    return replace(known, everybody=whole, everybody_profile=everybody.profile[0]), result


def _beginning(shape: Shape, noisy: Noisy, simpler: dict[Dimensions, Followed]) -> Known:
    """Return what is known before the first release."""
    if shape.table:
        everybody, profile, mean = max(float(simpler[()].people[0]), 1.0), simpler[()].profile[0], 1.0
    else:
        everybody = mean = max(float(noisy.cells.sum()), 1.0)
        profile = shape.reference
    return Known(
        sizes=Sizes(shape).beginning(noisy, mean),
        profiles=Profiles(shape).beginning(),
        common_people=everybody / shape.cells,
        common_profile=profile,
        everybody=everybody,
        everybody_profile=profile,
    )
