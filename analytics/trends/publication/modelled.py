"""`modelled`, `past` and `model.json` of a release, made of the lines that the ledger held up to it."""

from collections.abc import Iterator

import polars as pl

from analytics.contracts import cohort_name, table_name
from analytics.layout import Dimensions
from analytics.store.chain import Entry
from analytics.trends.modelling.figures import Difference, ModelledFigure, State, modelled_figures, past_figures
from analytics.trends.publication.figure_columns import Row
from analytics.trends.publication.labels import Card
from analytics.trends.publication.lines import MeasureLine
from analytics.trends.publication.modelled_columns import DIFFERENCES, MODELLED_SCHEMA, PAST_SCHEMA, rounded
from analytics.trends.publication.modelled_sentences import Worded


def modelled(entry: Entry, card: Card, lines: list[MeasureLine]) -> pl.DataFrame:
    """Return the modelled figures of a release, in the order of its plain ones."""
    return pl.DataFrame(list(_modelled_rows(entry, card, lines)), schema=MODELLED_SCHEMA)


def past(entry: Entry, lines: list[MeasureLine]) -> pl.DataFrame:
    """Return what the releases up to this one say of each period so far."""
    return pl.DataFrame(list(_past_rows(entry, lines)), schema=PAST_SCHEMA)


def _modelled_rows(entry: Entry, card: Card, lines: list[MeasureLine]) -> Iterator[Row]:
    worded, keys = Worded(entry, card), entry.body.keys
    for one in lines:
        measure = one.figures.measure
        found = modelled_figures(one.line, measure, entry.body.display) if one.is_followed else _not_followed(one)
        units = {headline.name: headline.unit for headline in measure.headlines}
        for figure in found:
            row: Row = {
                "product": entry.product,
                "period": entry.period,
                "revision": entry.revision,
                "measure": measure.name,
                "table": table_name(figure.table),
                "cohort": _cohort(keys, figure.table, figure.cell),
                "headline": figure.headline,
                "unit": units[figure.headline],
                **{
                    name: rounded(getattr(figure, name))
                    for name in ("value", "low", "high", "shown_low", "shown_high", "people", "own_share")
                },
                "state": figure.state.value,
                **{key: each for name in DIFFERENCES for key, each in _difference(name, getattr(figure, name)).items()},
            }
            yield {**row, "sentence": worded.sentence(row, one.figures.not_compared)}


def _difference(name: str, found: Difference | None) -> Row:
    ends = ("low", "high", "simultaneous_low", "simultaneous_high")
    return {
        name: rounded(found.value if found else None),
        **{f"{name}_{end}": rounded(getattr(found, end) if found else None) for end in ends},
    }


def _not_followed(one: MeasureLine) -> Iterator[ModelledFigure]:
    """Yield a figure without a number for every headline of every cohort."""
    for cell in one.figures.cells.values():
        for headline in one.figures.measure.headlines:
            yield ModelledFigure(cell.table, cell.cell, headline.name, State.TOO_LITTLE_HISTORY)


def _past_rows(entry: Entry, lines: list[MeasureLine]) -> Iterator[Row]:
    keys = entry.body.keys
    for one in lines:
        if not one.line.periods:
            continue
        measure = one.figures.measure
        units = {headline.name: headline.unit for headline in measure.headlines}
        for figure in past_figures(one.line, measure):
            yield {
                "product": entry.product,
                "period": entry.period,
                "revision": entry.revision,
                "of_period": figure.period.name,
                "measure": measure.name,
                "table": table_name(figure.table),
                "cohort": _cohort(keys, figure.table, figure.cell),
                "headline": figure.headline,
                "unit": units[figure.headline],
                **{name: rounded(getattr(figure, name)) for name in ("value", "low", "high")},
            }


def _cohort(keys: dict[str, tuple[str, ...]], table: Dimensions, cell: tuple[int, ...]) -> str:
    return cohort_name(tuple(keys[name][place] for name, place in zip(table, cell, strict=True)))
