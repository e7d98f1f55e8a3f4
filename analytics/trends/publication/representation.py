"""`representation` of a release: how many of the people who live in a group log, and figures weighted to public sizes.

They are published with the plain figures, never instead of them. Without public sizes at the draw the table is empty.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from analytics.contracts import cohort_name, table_name
from analytics.layout import Dimensions
from analytics.store.body import HeadlineKind, ReleasedHeadline
from analytics.store.chain import Entry
from analytics.trends.estimation.comparisons import Compared
from analytics.trends.estimation.figures import UNIT_SCALE, CellFigures, MeasureFigures
from analytics.trends.estimation.intervals import Figure
from analytics.trends.publication import phrases
from analytics.trends.publication.figure_columns import Row, comparison, ends, number, scaled
from analytics.trends.publication.labels import Card, cohort_labels
from analytics.trends.publication.rows import reliability_of
from analytics.trends.representation.coverage import Covered, coverage
from analytics.trends.representation.poststratified import Poststratified, poststratified
from analytics.trends.representation.strata import Public, public_of, strata_of
from analytics.wording import figure_name

_BOTH = ("noise_low", "noise_high", "shown_low", "shown_high")

REPRESENTATION_SCHEMA = {
    **dict.fromkeys(("product", "period"), pl.String),
    "revision": pl.Int64,
    **dict.fromkeys(("measure", "table", "cohort", "headline", "kind", "unit"), pl.String),
    **dict.fromkeys(("estimate", *_BOTH), pl.Float64),
    "public_size": pl.Int64,
    **dict.fromkeys(("people", *(f"people_{end}" for end in _BOTH)), pl.Float64),
    **dict.fromkeys(("reliability", "reason"), pl.String),
    **dict.fromkeys(("plain", *(f"plain_{end}" for end in _BOTH)), pl.Float64),
    **{
        f"{name}{end}": pl.Float64
        for name in ("less_plain", "against_all")
        for end in ("", *(f"_{end}" for end in _BOTH), "_at_once_low", "_at_once_high")
    },
    "strata_table": pl.String,
    **dict.fromkeys(("strata", "strata_joined"), pl.Int64),
    **{
        f"{name}{end}": pl.Float64
        for name in ("design_effect", "effective_people")
        for end in ("", "_noise_low", "_noise_high")
    },
    **dict.fromkeys(("unplaced", *(f"unplaced_{end}" for end in _BOTH)), pl.Float64),
    **dict.fromkeys(("sentence", "cannot_say"), pl.String),
}
"""One row per measure, table, cohort and headline with a public size."""

CANNOT_SAY = {
    "coverage": "This says nothing about people who do not log, nor about any one person.",
    "weighted": (
        "Weighting evens out only the sizes of these groups. Within each group people chose to log, and they may "
        "differ from those who did not."
    ),
}


def representation(entry: Entry, card: Card, now: list[MeasureFigures]) -> pl.DataFrame:
    """Return the table of a release."""
    public = public_of(entry)
    rows = (
        [row for figures in now for row in _MeasureRepresentation(entry, card, figures, public).rows()]
        if public
        else []
    )
    return pl.DataFrame(rows, REPRESENTATION_SCHEMA)


@dataclass(frozen=True)
class _MeasureRepresentation:
    """One measure of a release, with public sizes."""

    entry: Entry
    card: Card
    figures: MeasureFigures
    public: Public

    def rows(self) -> Iterator[Row]:
        """Yield the measure's rows, in the order of its figures."""
        strata = strata_of(self.entry, self._name, self.public)
        people, *others = sorted(self.figures.measure.headlines, key=lambda one: one.kind is not HeadlineKind.PEOPLE)
        for table in self.figures.estimates.tables:
            cells = [cell for cell in self.figures.cells.values() if cell.table == table]
            sized = [cell for cell in cells if self.public.size(table, cell.cohort)]
            covered = coverage(self.figures, self.public, table)
            families = {}
            if strata and set(table) < set(strata):
                families = {one.name: poststratified(self.figures, strata, self.public, table, one) for one in others}
            for cell in sized:
                yield self._coverage(cell, people, covered.get(cell.cohort))
                for one in others:
                    if one.name in families:
                        yield self._weighted(cell, one, families[one.name].get(cell.cohort), strata or ())

    def _coverage(self, cell: CellFigures, headline: ReleasedHeadline, found: Covered | None) -> Row:
        figure = found.per_thousand if found else None
        row = self._row(cell, headline, "coverage", "per_1000", figure, 1.0)
        if found is None or found.per_thousand.shown is None:
            return row
        against = self._differences("per_1000", 1.0, (phrases.TOGETHER, found.against_all))
        result = phrases.WordedFigure(
            found.per_thousand.estimate, found.per_thousand.shown, "per_1000", found.people.estimate
        )
        return row | {
            "people": number(found.people.estimate),
            **ends("people_", found.people, 1.0),
            **comparison("against_all", found.against_all, 1.0),
            "sentence": phrases.coverage(self._what(cell, headline), found.size, result, next(iter(against), None)),
            "cannot_say": CANNOT_SAY["coverage"],
        }

    def _weighted(
        self, cell: CellFigures, headline: ReleasedHeadline, found: Poststratified | None, strata: Dimensions
    ) -> Row:
        scale, unit = UNIT_SCALE[headline.kind], headline.unit
        row = self._row(cell, headline, "weighted", unit, found.weighted if found else None, scale)
        row["strata_table"] = table_name(strata)
        if found is None or found.weighted.shown is None:
            return row
        result = phrases.WordedFigure(
            found.weighted.estimate * scale, scaled(found.weighted.shown, scale), unit, found.placed.estimate
        )
        compared = ((phrases.PLAIN, found.less_plain), (phrases.ALL_WEIGHTED, found.against_all))
        weights = phrases.WordedWeights(
            over=" and ".join(self.card.dimensions[name].label.lower() for name in strata),
            strata=found.strata.fewest,
            joined=found.strata.joined,
            placed=found.placed.estimate,
            effective=found.effective_people.estimate,
            unplaced=found.unplaced.estimate,
        )
        differences = self._differences(unit, scale, *compared)
        return row | {
            "people": number(found.placed.estimate),
            **ends("people_", found.placed, 1.0),
            "plain": number(found.plain.estimate * scale),
            **ends("plain_", found.plain, scale),
            **comparison("less_plain", found.less_plain, scale),
            **comparison("against_all", found.against_all, scale),
            "strata": found.strata.fewest,
            "strata_joined": found.strata.joined,
            **_of_weights("design_effect", found.design_effect),
            **_of_weights("effective_people", found.effective_people),
            "unplaced": number(found.unplaced.estimate),
            **ends("unplaced_", found.unplaced, 1.0),
            "sentence": phrases.weighted(self._what(cell, headline), result, differences, weights),
            "cannot_say": CANNOT_SAY["weighted"],
        }

    def _row(  # noqa: PLR0913, PLR0917 -- the columns that every row begins with
        self, cell: CellFigures, headline: ReleasedHeadline, kind: str, unit: str, figure: Figure | None, scale: float
    ) -> Row:
        reliability, reason = reliability_of(self.figures, figure, headline)
        return {
            **dict.fromkeys(REPRESENTATION_SCHEMA),
            "product": self.entry.product,
            "period": self.entry.period,
            "revision": self.entry.revision,
            "measure": self._name,
            "table": table_name(cell.table),
            "cohort": cohort_name(cell.cohort),
            "headline": headline.name,
            "kind": kind,
            "unit": unit,
            "estimate": number(figure.estimate * scale if figure else None),
            **ends("", figure, scale),
            "public_size": self.public.size(cell.table, cell.cohort),
            "reliability": reliability,
            "reason": reason,
            "strata_table": "",
            "sentence": "",
            "cannot_say": "",
        }

    @property
    def _name(self) -> str:
        return self.figures.measure.name

    def _what(self, cell: CellFigures, headline: ReleasedHeadline) -> str:
        label = cohort_labels(self.card, self._name, table_name(cell.table))[cohort_name(cell.cohort)]
        return figure_name(headline.label, headline.unit, label if cell.table else None)

    @staticmethod
    def _differences(unit: str, scale: float, *found: tuple[str, Compared | None]) -> list[phrases.WordedDifference]:
        return [
            phrases.WordedDifference(reference, it.figure.estimate * scale, scaled(it.simultaneous, scale), unit)
            for reference, it in found
            if it
        ]


def _of_weights(name: str, found: Figure) -> Row:
    """Return a figure of the weights themselves, which has one interval only."""
    noise = {end: value for end, value in ends(f"{name}_", found, 1.0).items() if "shown" not in end}
    return {name: number(found.estimate), **noise}
