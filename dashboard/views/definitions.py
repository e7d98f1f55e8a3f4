"""What each figure of a series means, as its card defines it: what is counted, of whom, in which unit, by chance."""

import re
from dataclasses import dataclass

from analytics.trends.publication.labels import HeadlineCard, MeasureCard
from dashboard.reading.figures import Choice
from dashboard.texts.words import Words
from dashboard.views.blocks import Table, table

_CHANCE = re.compile(r"\(chance (\d+)")
"""A label says what its figure is where there is no rhythm and no link."""
_MOST_CLASSES = 4
"""More classes than this are counted, not named."""


@dataclass(frozen=True)
class Definition:
    """One measure with its figures."""

    label: str
    definition: str
    included: str
    looks_back: str
    """Which weeks before the period it reads; empty where none."""
    figures: Table


def definitions(words: Words, choice: Choice) -> list[Definition]:
    """Return every measure of the chosen series, the chosen one first."""
    measures = choice.card.measures
    ordered = sorted(measures, key=lambda name: name != choice.measure)
    return [_definition(words, measures[name]) for name in ordered]


def chance_level(headline: HeadlineCard) -> int | None:
    """Return what a figure is by chance; None where chance has no level of its own."""
    found = _CHANCE.search(headline.label)
    return int(found[1]) if found else None


def _definition(words: Words, measure: MeasureCard) -> Definition:
    columns = tuple(words(f"methods.column.{name}") for name in ("figure", "counted", "among", "unit", "chance"))
    rows = [
        (
            words.label(one.label),
            _counted(words, measure, one),
            _among(words, one),
            words(f"methods.unit.{one.unit}"),
            _chance(words, one),
        )
        for one in measure.headlines.values()
    ]
    label, weeks = words.label(measure.label), measure.looks_back_weeks or 0
    return Definition(
        label=label,
        definition=words.label(measure.definition) if measure.definition else words("methods.not_in_card"),
        included=words.label(measure.least_data) if measure.least_data else words("methods.included_unknown"),
        looks_back=words.count("methods.looks_back", weeks) if weeks else "",
        figures=table(words("methods.figures_of", measure=label), columns, rows),
    )


def _counted(words: Words, measure: MeasureCard, headline: HeadlineCard) -> str:
    """Return the classes of a share; of a number of people and of a mean, what they are."""
    if headline.kind != "share":
        return words(f"methods.counted.{headline.kind}")
    classes = list(measure.categories.values())
    chosen = [label for label, weight in zip(classes, headline.weights, strict=True) if weight]
    if len(chosen) > _MOST_CLASSES:
        return words("methods.counted.classes", count=words.whole(len(chosen)), whole=words.whole(len(classes)))
    return words.listed([words.label(label) for label in chosen])


def _among(words: Words, headline: HeadlineCard) -> str:
    return words.label(headline.among) if headline.among else words(f"methods.among.{headline.kind}")


def _chance(words: Words, headline: HeadlineCard) -> str:
    level = chance_level(headline)
    return words("methods.no_chance") if level is None else words.whole(level)
