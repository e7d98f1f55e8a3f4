"""The figure that a page shows of a group: modelled where the release has it, else as it was published."""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.trends.estimation.intervals import Interval
from analytics.trends.publication.published import Published
from dashboard.reading.figures import EVERYONE, Choice, comparison
from dashboard.reading.modelled import ModelledFigure, modelled_of_group
from dashboard.texts.words import Words
from dashboard.views import naming


@dataclass(frozen=True)
class Compared:
    """A figure less that of others, or less itself earlier; the verdict is read from the interval."""

    verdict: str
    value: float
    interval: Interval


@dataclass(frozen=True)
class Shown:
    """One figure with its interval; value and interval are None together, where there is no number to show."""

    unit: str
    value: float | None = None
    interval: Interval | None = None
    people: float | None = None
    """About how many people it is about."""
    is_modelled: bool = False
    is_wide: bool = False
    reason: str = ""
    """As published: why it is withheld, wide or not compared."""
    against_rest: Compared | None = None
    """Against everybody else; of a plain figure there is none."""
    against_all: Compared | None = None
    """Against all participants; of a modelled figure there is none."""


@dataclass(frozen=True)
class OfGroup:
    """Finds the figures of one group of one release: all modelled ones are read at once."""

    published: Published
    choice: Choice
    modelled: Mapping[tuple[str, str], ModelledFigure]

    @classmethod
    def read(cls, published: Published, choice: Choice) -> "OfGroup":
        """Read the modelled figures of the chosen group."""
        return cls(published, choice, modelled_of_group(published, choice))

    def shown(self, measure: str, headline: str) -> Shown:
        """Return the figure of one headline of the group."""
        found = self.modelled.get((measure, headline))
        if found is not None and found.value is not None and found.shown is not None:
            rest = found.against_rest
            return Shown(
                unit=found.unit,
                value=found.value,
                interval=found.shown,
                people=found.people,
                is_modelled=True,
                is_wide=found.state == "caution",
                reason="",
                against_rest=None if rest is None else Compared(rest.verdict, rest.value, rest.interval),
                against_all=None,
            )
        return self._plain(measure, headline)

    def _plain(self, measure: str, headline: str) -> Shown:
        choice = self.choice
        about = choice.of(measure, headline, choice.table, choice.cohort)
        plain = next((it for it in comparison(self.published, about, about.table) if it.cohort == about.cohort), None)
        if plain is None:
            return Shown(about.unit)
        against = plain.against_all if choice.table != EVERYONE else None
        return Shown(
            unit=plain.unit,
            value=plain.estimate,
            interval=plain.shown,
            people=plain.people,
            is_modelled=False,
            is_wide=plain.reliability == "caution",
            reason=plain.reason,
            against_rest=None,
            against_all=None
            if against is None
            else Compared(naming.verdict(against), against.estimate, against.simultaneous),
        )


def number_cell(words: Words, found: Shown) -> str:
    """Return a figure for a table's cell: `23.1% (21.0% to 25.2%)`; nothing where it has none."""
    if found.value is None or found.interval is None:
        return ""
    span = words.span(found.interval.low, found.interval.high, found.unit)
    return words("patterns.cell", amount=words.amount(found.value, found.unit), span=span)
