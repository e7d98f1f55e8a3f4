"""The tables of a large invented service that show one week, or one week and the one before."""

import itertools

import numpy as np
import polars as pl

from analytics.trends.publication.rows import TOO_UNCERTAIN, WIDE
from tests.support.large_numbers import HEADLINES, LABELS
from tests.support.large_rows import MEASURE, NOT_WHY, WIDE_FROM, LargeRows, around, difference

_IS_RATIO = np.arange(len(HEADLINES)) > 0


def measures(at: LargeRows, week: int) -> pl.DataFrame:
    """Return all figures of a week; withheld ones of small groups offer their age band instead."""
    it, before = at.numbers, max(week - 1, 0)
    estimate, noise, shown = it.estimate[week], it.noise[week], it.shown[week]
    change = estimate - it.estimate[before] if week else np.full_like(estimate, np.nan)
    against = np.where(_IS_RATIO, estimate - estimate[0], np.nan)
    against[0] = np.nan
    is_withheld = np.isnan(estimate)
    is_wide = ~is_withheld & (shown > WIDE_FROM) & _IS_RATIO
    return at.rows(
        week,
        at.all,
        estimate=estimate.ravel(),
        **around("noise", estimate, noise),
        **around("shown", estimate, shown),
        people=at.people(week),
        reliability=np.where(is_withheld, "withheld", np.where(is_wide, "caution", "ok")).ravel().tolist(),
        reason=np.where(is_withheld, TOO_UNCERTAIN, np.where(is_wide, WIDE.format(points=10), "")).ravel().tolist(),
        **difference("since_previous", change, np.hypot(noise, it.noise[before]), np.hypot(shown, it.shown[before])),
        **difference("against_all", against, np.hypot(noise, noise[0]), np.hypot(shown, shown[0])),
    ).with_columns(
        *_instead(at, week),
        first_day=pl.lit(at.period(week).first_day),
        last_day=pl.lit(at.period(week).last_day),
    )


def _instead(at: LargeRows, week: int) -> list[pl.Series]:
    it, parents = at.numbers, at.parents
    estimate = it.estimate[week]
    offered = (np.isnan(estimate) & _IS_RATIO & ~np.isnan(estimate[parents])).ravel()
    value = np.where(offered, estimate[parents].ravel(), np.nan)
    names = [it.groups[int(place)] for place in np.repeat(parents, len(HEADLINES))]
    rows = list(zip(at.what, names, value.tolist(), at.units, offered.tolist(), strict=True))
    columns = {
        "instead": ["parent" if one else "" for *_, one in rows],
        "instead_table": [group.table if one else None for _, group, *_, one in rows],
        "instead_cohort": [group.cohort if one else None for _, group, *_, one in rows],
        "instead_estimate": value,
        **around("instead_noise", value, it.noise[week][parents].ravel()),
        **around("instead_shown", value, it.shown[week][parents].ravel()),
        "instead_people": np.where(offered, np.repeat(it.people[week][parents], len(HEADLINES)), np.nan),
        "sentence": [
            f"{what}: withheld for this week. In the group {group.label}: {number:.1f}{unit}. "
            "This says nothing about the smaller group alone."
            if one
            else ""
            for what, group, number, unit, one in rows
        ],
    }
    return [pl.Series(name, values) for name, values in columns.items()]


def pairs(at: LargeRows, week: int) -> pl.DataFrame:
    """Return every two known, displayed groups of a table of one dimension."""
    it, found = at.numbers, list[tuple[int, int]]()
    for table in ("region", "age_band", "service"):
        groups = [place for place, one in enumerate(it.groups) if one.table == table and one.is_known]
        found += itertools.combinations([one for one in groups if not np.isnan(it.estimate[week, one, 0])], 2)
    one, other = np.array(found, dtype=int).reshape(-1, 2).T
    frames = []
    for figure in (1, 2):
        value = it.estimate[week, one, figure] - it.estimate[week, other, figure]
        half = np.hypot(it.shown[week, one, figure], it.shown[week, other, figure])
        frames.append(
            at.rows(
                week,
                len(HEADLINES) * one + figure,
                other=[it.groups[place].cohort for place in other],
                **difference(
                    "difference", value, np.hypot(it.noise[week, one, figure], it.noise[week, other, figure]), half
                ),
                people=it.people[week, one],
                other_people=it.people[week, other],
                sentence=[
                    f"{at.what[len(HEADLINES) * a + figure]}: {number:+.1f} points from {it.groups[b].label}. {NOT_WHY}"
                    for (a, b), number in zip(found, value.tolist(), strict=True)
                ],
            )
        )
    return pl.concat(frames)


def representation(at: LargeRows, week: int) -> pl.DataFrame:
    """Return the coverage of every known group, and both figures of everybody weighted to the public sizes."""
    it = at.numbers
    known = np.array([place for place, one in enumerate(it.groups) if one.public_size])
    size = np.array([one.public_size for one in it.groups if one.public_size], dtype=float)
    is_shown = ~np.isnan(it.estimate[week, known, 0])
    people = np.where(is_shown, it.people[week, known], np.nan)
    noise, shown = it.noise[week, known, 0], it.shown[week, known, 0]
    rate = 1000 * people / size
    against = rate - rate[0]
    against[0] = np.nan
    coverage = at.rows(
        week,
        len(HEADLINES) * known,
        estimate=rate,
        **around("noise", rate, 1000 * noise / size),
        **around("shown", rate, 1000 * shown / size),
        public_size=size.astype(int),
        people=people,
        **around("people_noise", people, noise),
        **around("people_shown", people, shown),
        reliability=np.where(is_shown, "ok", "withheld").tolist(),
        reason=np.where(is_shown, "", TOO_UNCERTAIN).tolist(),
        **difference("against_all", against, 1000 * noise / size, 1000 * shown / size),
        sentence=[
            f"{at.what[len(HEADLINES) * place]}: {number:.1f} per 1,000 of the {of:,.0f} people who live there."
            for place, number, of in zip(known, rate.tolist(), size.tolist(), strict=True)
        ],
    ).with_columns(kind=pl.lit("coverage"), unit=pl.lit("per_1000"), strata_table=pl.lit(""), cannot_say=pl.lit(""))
    plain, half = it.estimate[week, 0, 1:], it.shown[week, 0, 1:]
    weighted = at.rows(
        week,
        np.array([1, 2]),
        estimate=plain + 0.6,
        **around("noise", plain + 0.6, half),
        **around("shown", plain + 0.6, 1.1 * half),
        public_size=np.repeat(size[0], 2).astype(int),
        people=np.repeat(people[0], 2),
        plain=plain,
        **around("plain_noise", plain, half),
        **around("plain_shown", plain, 1.1 * half),
        **difference("less_plain", np.full(2, 0.6), half, 1.1 * half),
        strata=[len(size)] * 2,
        design_effect=np.repeat(1.3, 2),
        effective_people=np.repeat(people[0] / 1.3, 2),
        unplaced=np.repeat(0.02 * people[0], 2),
        sentence=[
            f"{name}, weighted to the public sizes: {number + 0.6:.1f}."
            for name, number in zip(LABELS[1:], plain, strict=True)
        ],
    ).with_columns(
        kind=pl.lit("weighted"),
        reliability=pl.lit("ok"),
        reason=pl.lit(""),
        strata_table=pl.lit("region_by_age_band"),
        strata_joined=pl.lit(0),
        cannot_say=pl.lit("Weighting evens out only the sizes of these groups."),
    )
    return pl.concat([coverage, weighted], how="diagonal_relaxed")


def cells(at: LargeRows, week: int) -> pl.DataFrame:
    """Return one noisy coordinate a group."""
    it = at.numbers
    return pl.DataFrame(
        {
            "table": [one.table for one in it.groups],
            "cohort": [one.cohort for one in it.groups],
            "value_micro_persons": (1_000_000 * it.people[week]).astype(int),
            "sigma_micro_persons": [round(1_000_000 * one.sigma) for one in it.groups],
            "basis_row": [[1, 0, 0, 0, 0]] * len(it.groups),
        }
    ).with_columns(measure=pl.lit(MEASURE), coordinate=pl.lit(0))
