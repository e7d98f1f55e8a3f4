"""The usual range of a series, as wide in each period as that period's noise makes it.

A release publishes one pair of limits: centre ± 2.66 mean moving ranges of the baseline, that is about three standard
deviations of the baseline's own figures. Fewer people make later figures noisier, and then noise alone carries them
over such limits; a test knows that, a reader of two straight lines does not. So a period's range is drawn as

    half width(period) = half width(published) * max(1, sqrt(variance(period) / mean variance(baseline)))

where a variance is that of noise and sampling, read from the period's published interval (its width is 3.92 standard
deviations). On that scale `monitoring.detection` judges: how far a figure lies from the baseline's mean, in standard
deviations of its own noise and sampling, times what moved beyond them in the baseline.

What is drawn then agrees with what is judged, in one direction for certain and in the other in words:

- A figure is judged outside only if it lies beyond the published limits, so no range is drawn narrower than those.
- A figure judged outside lies outside its range as drawn: a signal needs more than 3.3 standard deviations on this
  scale, the range has 3.
- A figure may lie outside its range and be no signal: all groups and figures are looked at together. The page says so
  beside the chart (`trends.outside_by_chance`), and no mark of the chart calls it a change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from analytics.trends.estimation.intervals import Interval
from dashboard.reading.figures import PublishedFigure
from dashboard.reading.findings import PublishedLimits


@dataclass(frozen=True)
class UsualRange:
    """Where a series' figures lie as long as nothing changes."""

    centre: float
    ends: dict[str, Interval]
    """By period, from the baseline's first on; a period without a figure has none."""
    is_wider: bool
    """Whether some period's range is clearly wider than the published limits (by a tenth)."""

    def is_outside(self, figure: PublishedFigure) -> bool:
        """Say whether a figure is drawn outside its range."""
        ends = self.ends.get(figure.period)
        return figure.estimate is not None and ends is not None and not ends.low <= figure.estimate <= ends.high


_CLEARLY_WIDER = 1.1


def usual_range(limits: PublishedLimits, figures: Sequence[PublishedFigure]) -> UsualRange:
    """Return the range in each period of `figures`, which must all be comparable."""
    half_width = (limits.high - limits.low) / 2
    seen = [(it.period, it.shown.high - it.shown.low) for it in figures if it.shown and it.period >= limits.first]
    baseline = [width**2 for period, width in seen if period <= limits.last]
    mean = sum(baseline) / len(baseline) if baseline else 0.0
    wider = {period: sqrt(max(1.0, width**2 / mean)) if mean else 1.0 for period, width in seen}
    return UsualRange(
        centre=limits.centre,
        ends={
            period: Interval(limits.centre - times * half_width, limits.centre + times * half_width)
            for period, times in wider.items()
        },
        is_wider=any(times > _CLEARLY_WIDER for times in wider.values()),
    )
