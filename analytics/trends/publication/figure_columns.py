"""How a figure, its ends and its comparisons become columns: rounded, in the figure's unit, empty where none is."""

from datetime import date

from analytics.trends.estimation.comparisons import Compared
from analytics.trends.estimation.intervals import Figure, Interval

Row = dict[str, str | int | float | date | None]
"""One row of a published table, by column."""


def scaled(interval: Interval, scale: float) -> Interval:
    """Return an interval in another unit."""
    return Interval(interval.low * scale, interval.high * scale)


def comparison(name: str, found: Compared | None, scale: float) -> Row:
    """Return a difference with both of its own intervals and the one that holds at once."""
    simultaneous = scaled(found.simultaneous, scale) if found else None
    return {
        name: number(found.figure.estimate * scale if found else None),
        **ends(f"{name}_", found.figure if found else None, scale),
        f"{name}_at_once_low": number(simultaneous.low if simultaneous else None),
        f"{name}_at_once_high": number(simultaneous.high if simultaneous else None),
    }


def ends(prefix: str, figure: Figure | None, scale: float) -> Row:
    """Return the ends of both intervals."""
    found: Row = {}
    for kind in ("noise", "shown"):
        interval = getattr(figure, kind) if figure else None
        found[f"{prefix}{kind}_low"] = number(interval.low * scale if interval else None)
        found[f"{prefix}{kind}_high"] = number(interval.high * scale if interval else None)
    return found


def number(value: float | None) -> float | None:
    """Round to six digits, so that the last bits of one machine's arithmetic are not published; no minus zero."""
    return None if value is None else round(value, 6) + 0.0
