"""The sentence of a modelled figure, made of its published row alone: numbers as they are rounded there.

So a machine whose last bits differ can still say whether a row's sentence is that of its own numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from analytics.contracts import cohort_name
from analytics.store.chain import Entry
from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication import phrases
from analytics.trends.publication.figure_columns import Row
from analytics.trends.publication.labels import Card, cohort_labels
from analytics.wording import NOT_WHY, figure_name, number, people, period_noun, the_days_of, this_period

TOO_FEW = (
    "too few people had enough entries to show this, even with earlier {periods} and similar groups, or most of them "
    "have left"
)
TOO_LITTLE = "there are too few releases so far"
CAUTION = "Read it with care: the interval is wide."
_NEARLY_ALL = 0.95


@dataclass(frozen=True)
class Worded:
    """The words for one release."""

    entry: Entry
    card: Card
    _labels: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def sentence(self, row: Row, not_compared: Sequence[str] = ()) -> str:
        """Return the words for a row; `not_compared` says why its period is not followed, where it is not."""
        cadence = self.entry.period_.cadence
        what, this = self._what(row), this_period(cadence)
        periods = period_noun(cadence, 2)
        if row["state"] == "too_little_history":
            return f"{what}: no modelled figure for {this}; {'; '.join(not_compared) or TOO_LITTLE}."
        if row["state"] == "withheld":
            return f"{what}: no modelled figure for {this}; {TOO_FEW.format(periods=periods)}."
        unit = str(row["unit"])
        shown = Interval(_number(row["shown_low"]), _number(row["shown_high"]))
        figure = phrases.WordedFigure(_number(row["value"]), shown, unit, _number(row["people"]))
        found = self._differences(row, unit)
        differences = "; ".join(one.words for one in found)
        parts = [
            f"{what}: {figure.amount} in {the_days_of(self.entry.period_)}.",
            *([CAUTION] if row["state"] == "caution" else []),
            *([f"{differences[:1].upper()}{differences[1:]}."] if found else []),
            *([] if unit == "persons" else [f"About {people(figure.people)} were counted."]),
            self._sources(_number(row["own_share"]), is_everybody=row["cohort"] == cohort_name(())),
            *([NOT_WHY] if any(one.direction for one in found) else []),
        ]
        return " ".join(parts)

    def _sources(self, own_share: float, *, is_everybody: bool) -> str:
        """Return the words for where the figure comes from."""
        cadence = self.entry.period_.cadence
        own = f"of this figure comes from the {period_noun(cadence)}'s own numbers"
        if own_share >= _NEARLY_ALL:
            return f"Nearly all {own}."
        others = f"earlier {period_noun(cadence, 2)}{'' if is_everybody else ' and similar groups'}"
        return f"About {number(100 * own_share, 'persons')}% {own}, the rest from {others}."

    def _differences(self, row: Row, unit: str) -> list[phrases.WordedDifference]:
        cadence = self.entry.period_.cadence
        references = {
            "since_4": phrases.periods_before(cadence, 4),
            "since_13": phrases.periods_before(cadence, 13),
            "against_rest": phrases.THE_REST,
        }
        return [
            phrases.WordedDifference(
                reference,
                _number(row[name]),
                Interval(_number(row[f"{name}_simultaneous_low"]), _number(row[f"{name}_simultaneous_high"])),
                unit,
            )
            for name, reference in references.items()
            if row[name] is not None
        ]

    def _what(self, row: Row) -> str:
        measure, table = str(row["measure"]), str(row["table"])
        if (measure, table) not in self._labels:
            self._labels[measure, table] = dict(cohort_labels(self.card, measure, table))
        label = self._labels[measure, table][str(row["cohort"])]
        headline = self.card.headline(measure, str(row["headline"]))
        is_everybody = not self.card.measures[measure].tables[table].dimensions
        return figure_name(headline.label, headline.unit, None if is_everybody else label)


def _number(value: object) -> float:
    """Return a published number, which must be there."""
    if not isinstance(value, float):
        raise TypeError
    return value
