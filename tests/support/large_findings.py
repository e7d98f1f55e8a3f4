"""The tables of a large invented service that look at earlier weeks, too."""

import numpy as np
import polars as pl

from analytics import wording
from analytics.trends.publication.modelled_columns import DIFFERENCES
from tests.support.large_numbers import BASELINE, HEADLINES, Numbers
from tests.support.large_rows import AT_ONCE, NOT_WHY, WIDE_FROM, Column, LargeRows, around

PAST_FROM = 3
"""Releases from which there is a smoothed past."""
OUTLOOK_FROM = 9
HORIZON = 4
_NOT_ONE = "This is about the group of people who logged. It says nothing about any one person."


def signals(at: LargeRows, week: int) -> pl.DataFrame:
    """Return limits and state of every figure; what lies outside its limits is a signal since its run began."""
    it = at.numbers
    estimate, run = it.estimate[week].ravel(), it.run[week].ravel()
    has_limits = ~np.isnan(estimate + it.centre.ravel()) & (week >= BASELINE)
    is_signal = has_limits & (run != 0)
    centre = np.where(has_limits, it.centre.ravel(), np.nan)
    reach = np.where(has_limits, it.reach.ravel(), np.nan)
    change = np.where(is_signal, estimate - centre, np.nan)
    state = np.where(is_signal, "signal", np.where(has_limits, "no_signal", "too_few_points"))
    side = np.where(is_signal, np.where(run > 0, "higher", "lower"), "")
    first, last = at.period(0).name, at.period(BASELINE - 1).name
    return at.rows(
        week,
        at.all,
        estimate=estimate,
        people=at.people(week),
        limits=np.where(has_limits, "locked", "none").tolist(),
        limits_from=[first if one else None for one in has_limits],
        limits_to=[last if one else None for one in has_limits],
        limits_points=[BASELINE if one else None for one in has_limits],
        centre=centre,
        lower_limit=centre - reach,
        upper_limit=centre + reach,
        state=np.where(np.isnan(estimate), "withheld", state).tolist(),
        rule=np.where(is_signal, "outside", "").tolist(),
        direction=side.tolist(),
        change=change,
        **around("change", change, reach / AT_ONCE),
        p_outside=np.where(is_signal, 1e-4, np.where(has_limits, 0.4, np.nan)),
        **{f"p_{rule}": np.where(has_limits, 1.0, np.nan) for rule in ("run", "trend", "near")},
        false_share=np.where(is_signal, 0.001, np.where(has_limits, 1.0, np.nan)),
        sentence=[
            _signal_sentence(at, week, place, str(side[place]), float(centre[place])) if is_signal[place] else ""
            for place in at.all.tolist()
        ],
        cannot_say=np.where(is_signal, f"{NOT_WHY} {_NOT_ONE}", "").tolist(),
    ).with_columns(rebased=pl.lit(""))


def _signal_sentence(at: LargeRows, week: int, place: int, side: str, centre: float) -> str:
    weeks = int(abs(at.numbers.run[week].ravel()[place]))
    began = wording.day(at.period(week + 1 - weeks).first_day, at.period(week).last_day)
    outside = f"outside its usual range in all {weeks} weeks" if weeks > 1 else "outside its usual range"
    value, unit = at.numbers.estimate[week].ravel()[place], at.units[place]
    was = f"It was {value:.1f}{unit}, against {centre:.1f}{unit} in the first {BASELINE} weeks."
    return f"{at.what[place]} has been {side} since {began}: {outside}. {was}"


def outlook(at: LargeRows, week: int) -> pl.DataFrame:
    """Return the level and four weeks to come of every displayed figure."""
    it = at.numbers
    has = at.all[~np.isnan(it.estimate[week].ravel()) & (week >= OUTLOOK_FROM)]
    level, reach = it.smooth[week].ravel()[has], it.shown[week].ravel()[has]
    frames = []
    for horizon in range(HORIZON + 1):
        period = at.period(week + horizon)
        half = reach * (1 + 0.1 * horizon if horizon else 0.5)
        days = wording.the_days_of(period)
        sentences = [
            f"{at.what[place]}: we expect the figure for {days} to be between {value - one:.1f} and "
            f"{value + one:.1f}{at.units[place]}."
            if horizon == HORIZON
            else ""
            for place, value, one in zip(has.tolist(), level.tolist(), half.tolist(), strict=True)
        ]
        frame = at.rows(week, has, value=level, low=level - half, high=level + half, sentence=sentences)
        frames.append(
            frame.with_columns(
                horizon=pl.lit(horizon),
                for_period=pl.lit(period.name),
                for_first_day=pl.lit(period.first_day),
                for_last_day=pl.lit(period.last_day),
                of=pl.lit("published figure" if horizon else "level"),
                cannot_say=pl.lit("An outlook assumes that things go on as before." if horizon == HORIZON else ""),
            )
        )
    return pl.concat(frames)


def modelled(at: LargeRows, week: int) -> pl.DataFrame:
    """Return every figure once more with narrower intervals; also of many groups that are withheld."""
    it = at.numbers
    half = 0.5 * it.shown[week].ravel()
    is_ratio = at.all % len(HEADLINES) > 0
    state = np.where(is_ratio & (half > WIDE_FROM), "caution", "displayed").astype("<U20")
    if week < PAST_FROM:
        state[:] = "too_little_history"
    state[np.repeat(it.people[week] < 0.5 * np.array([one.floor for one in it.groups]), len(HEADLINES))] = "withheld"
    is_shown = np.isin(state, ["caution", "displayed"])
    value, half = np.where(is_shown, it.smooth[week].ravel(), np.nan), np.where(is_shown, half, np.nan)
    columns = dict[str, Column]()
    for name in DIFFERENCES:
        change = value - _compared(at, week, name)
        columns |= {name: change, **around(name, change, 1.2 * half)}
        columns |= around(f"{name}_simultaneous", change, 1.8 * half)
    sentences = [
        f"{what}: {number:.1f}{unit} (between {number - one:.1f} and {number + one:.1f}{unit}). {NOT_WHY}"
        if shown
        else f"{what}: no modelled figure for this week."
        for what, number, one, unit, shown in zip(
            at.what, value.tolist(), half.tolist(), at.units, is_shown.tolist(), strict=True
        )
    ]
    return at.rows(
        week,
        at.all,
        value=value,
        low=value - half / 2,
        high=value + half / 2,
        **around("shown", value, half),
        people=np.where(is_shown, it.smooth[week][at.groups, 0], np.nan),
        own_share=np.where(is_shown, 0.2, np.nan),
        state=state.tolist(),
        **columns,
        sentence=sentences,
    )


def _compared(at: LargeRows, week: int, name: str) -> Numbers:
    """Return what each figure is compared with; not a number where nothing is."""
    smooth = at.numbers.smooth
    if name.startswith("since_"):
        back = week - int(name.removeprefix("since_"))
        return smooth[back].ravel() if back >= 0 else np.full(len(at.all), np.nan)
    is_compared = (at.all % len(HEADLINES) > 0) & (at.groups > 0)
    return np.where(is_compared, smooth[week][0][at.all % len(HEADLINES)], np.nan)


def past(at: LargeRows, week: int) -> pl.DataFrame:
    """Return the smoothed figures of all weeks up to `week`, of tables of at most one dimension."""
    it, weeks = at.numbers, week + 1 if week >= PAST_FROM else 0
    few = at.all[[it.groups[place].table != "region_by_age_band" for place in at.groups]]
    value = it.smooth[:weeks].reshape(weeks, len(at.all))[:, few].ravel()
    half = 0.4 * it.shown[:weeks].reshape(weeks, len(at.all))[:, few].ravel()
    names = np.repeat([at.period(one).name for one in range(weeks)], len(few)).tolist()
    frame = at.rows(week, np.tile(few, weeks), value=value, low=value - half, high=value + half)
    return frame.with_columns(pl.Series("of_period", names, pl.String))
