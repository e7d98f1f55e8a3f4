"""The rows of `measures`: one per measure, table, cohort and headline, in the plan's and grid's order."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analytics.contracts import cohort_name, table_name
from analytics.store.body import HeadlineKind, ReleasedHeadline
from analytics.store.chain import Entry
from analytics.trends.estimation.comparisons import Cohort, Compared, against_all, since_previous
from analytics.trends.estimation.fallback import Fallback, fallback_of
from analytics.trends.estimation.figures import UNIT_SCALE, CellFigures, MeasureFigures, counted
from analytics.trends.estimation.intervals import Figure
from analytics.trends.publication import phrases
from analytics.trends.publication.figure_columns import Row, comparison, ends, number, scaled
from analytics.trends.publication.labels import Card, cohort_labels
from analytics.wording import figure_name

TOO_UNCERTAIN = "too few people had enough entries to show this without giving anyone away"
WIDE = "the figure is uncertain by more than {points} points to each side"


def rows_of(
    entry: Entry, card: Card, now: list[MeasureFigures], earlier: Sequence[list[MeasureFigures]]
) -> Iterator[Row]:
    """Yield the rows of a release.

    `earlier` are the periods before it, newest first, as far as they were released without a gap. What is not
    comparable is compared with none of them.
    """
    for figures in now:
        name = figures.measure.name
        same = [next((one for one in period if one.measure.name == name), None) for period in earlier]
        before = [one for one in itertools.takewhile(lambda one: one is not None and not one.not_compared, same) if one]
        yield from _MeasureRows(entry, card, figures, [] if figures.not_compared else before).rows()


@dataclass(frozen=True)
class _MeasureRows:
    """One measure of a release, with the periods before it."""

    entry: Entry
    card: Card
    figures: MeasureFigures
    before: list[MeasureFigures]

    def rows(self) -> Iterator[Row]:
        """Yield the measure's rows."""
        headlines = self.figures.measure.headlines
        previous = self.before[0] if self.before else None
        for table in self.figures.estimates.tables:
            labels = cohort_labels(self.card, self.figures.measure.name, table_name(table))
            families = [
                (since_previous(self.figures, previous, table, one), against_all(self.figures, table, one))
                for one in headlines
            ]
            for cell in self.figures.cells.values():
                if cell.table == table:
                    for headline, family in zip(headlines, families, strict=True):
                        yield self._row(cell, headline, labels[cohort_name(cell.cohort)], *family)

    def _row(
        self,
        cell: CellFigures,
        headline: ReleasedHeadline,
        label: str,
        changes: dict[Cohort, Compared],
        differences: dict[Cohort, Compared],
    ) -> Row:
        scale = UNIT_SCALE[headline.kind]
        figure = self.figures.result(cell, headline)
        reliability, reason = reliability_of(self.figures, figure, headline)
        change, difference = changes.get(cell.cohort), differences.get(cell.cohort)
        instead = None if figure else fallback_of(self.figures, self._weeks, cell, headline)
        what = figure_name(headline.label, headline.unit, label if cell.table else None)
        return {
            "product": self.entry.product,
            "period": self.entry.period,
            "revision": self.entry.revision,
            "first_day": self.entry.body.first_day,
            "last_day": self.entry.body.last_day,
            "measure": self.figures.measure.name,
            "table": table_name(cell.table),
            "cohort": cohort_name(cell.cohort),
            "headline": headline.name,
            "unit": headline.unit,
            "estimate": number(figure.estimate * scale if figure else None),
            **ends("", figure, scale),
            "people": number(counted(cell.categories, headline) if figure else None),
            "reliability": reliability,
            "reason": reason,
            **comparison("since_previous", change, scale),
            **comparison("against_all", difference, scale),
            "instead": instead.of if instead else "",
            "instead_table": table_name(instead.table) if instead else None,
            "instead_cohort": cohort_name(instead.cohort) if instead else None,
            "instead_estimate": number(instead.figure.estimate * scale if instead else None),
            **ends("instead_", instead.figure if instead else None, scale),
            "instead_people": number(instead.people if instead else None),
            "sentence": self._instead(what, instead, headline)
            if instead
            else self._compared(what, cell, headline, change, difference),
        }

    @property
    def _weeks(self) -> list[MeasureFigures]:
        return self.before if self.entry.body.cadence == "week" else []

    def _instead(self, what: str, instead: Fallback, headline: ReleasedHeadline) -> str:
        shown = instead.figure.shown
        if shown is None:  # an offered figure has ends: for the type checker
            return ""
        scale = UNIT_SCALE[headline.kind]
        said = phrases.WordedFigure(
            instead.figure.estimate * scale, scaled(shown, scale), headline.unit, instead.people
        )
        if instead.of == "four_weeks":
            return phrases.four_weeks(what, self.entry.body.last_day, said)
        labels = cohort_labels(self.card, self.figures.measure.name, table_name(instead.table))
        parent = labels[cohort_name(instead.cohort)] if instead.table else phrases.ALL
        return phrases.parent(what, parent, self.entry.period_.cadence, said)

    def _compared(
        self,
        what: str,
        cell: CellFigures,
        headline: ReleasedHeadline,
        change: Compared | None,
        difference: Compared | None,
    ) -> str:
        scale = UNIT_SCALE[headline.kind]
        references = (phrases.before(self.entry.period_.cadence), phrases.ALL)
        found = [
            phrases.WordedDifference(
                reference, it.figure.estimate * scale, scaled(it.simultaneous, scale), headline.unit
            )
            for reference, it in zip(references, (change, difference), strict=True)
            if it
        ]
        return phrases.compared(what, found, counted(cell.categories, headline), self.entry.period)


def reliability_of(figures: MeasureFigures, figure: Figure | None, headline: ReleasedHeadline) -> tuple[str, str]:
    """Return how far a figure may be relied on, with the reasons where it is not plainly."""
    if figure is None or figure.shown is None:
        return "withheld", TOO_UNCERTAIN
    points = figures.display["caution_half_width"]
    reasons = [*figures.not_compared]
    if headline.kind is not HeadlineKind.PEOPLE and figure.shown.half_width * UNIT_SCALE[headline.kind] > float(points):
        reasons.insert(0, WIDE.format(points=points))
    return "caution" if reasons else "ok", "; ".join(reasons)
