"""`model.json`: how quickly the model lets the figures of each table move, as of a release.

The model tries every setting of its banks; how much each counts is found from the releases so far. Here each setting is
named by its meaning, with how much it counts on average over the cohorts of a table.
"""

from analytics.contracts import table_name
from analytics.trends.modelling import settings
from analytics.trends.modelling.bank import Bank, Belief
from analytics.trends.modelling.line import Line
from analytics.trends.publication.lines import MeasureLine
from analytics.trends.publication.manifest import json_bytes
from analytics.trends.publication.modelled_columns import rounded

FORMAT = 1

MEANING = {
    "people": "Of each cohort's number of people, as a part of it.",
    "mix": (
        "Of each cohort's mix of categories, one list for each direction in which it can move; the mean comes first "
        "where the measure has one. The unit is the spread of one person's category."
    ),
    "change": "How far the level moves in one period (standard deviation).",
    "variety": "How far a period's own figure lies from the level: a part of the variance of as many single people.",
    "tables": (
        "How much each setting counts, in the order of the settings, averaged over the cohorts; a list adds up to 1."
    ),
    "releases": "How many releases the figures look back at, with the first and the last of their periods.",
}

MIXES = ("mix_of_all", "mix_of_groups", "mix_of_crossed_groups")
"""For tables of no dimension, one, and more."""


def model_json(lines: list[MeasureLine]) -> bytes:
    """Return the parameters in force after a release."""
    listed = {
        name: [{"change": change, "variety": variety} for change, variety in _kinds(bank)]
        for name, bank in (("people", settings.SIZES), *zip(MIXES, settings.PROFILE_BANKS, strict=True))
    }
    measures = {one.figures.measure.name: _measure(one.line) for one in lines}
    return json_bytes({"format": FORMAT, "meaning": MEANING, "settings": listed, "measures": measures})


def _measure(line: Line) -> dict[str, object]:
    return {
        "releases": len(line.periods),
        "periods": [period.name for period in (*line.periods[:1], *line.periods[-1:])],
        "tables": {
            table_name(table): {
                "people": _counts(known.sizes, settings.SIZES)[0],
                "mix": _counts(known.profiles, settings.PROFILE_BANKS[min(len(table), 2)]),
            }
            for table, known in (line.model.known or {}).items()
        },
    }


def _kinds(bank: Bank) -> list[tuple[float, float]]:
    """Return each change with each variety; how far levels lie apart at the beginning matters less and less."""
    return sorted(set(zip(bank.change.tolist(), bank.variety.tolist(), strict=True)))


def _counts(belief: Belief, bank: Bank) -> list[list[float | None]]:
    """Return, for each direction, how much each change and variety counts."""
    counts = belief.counts.mean(axis=0)
    masks = [(bank.change == change) & (bank.variety == variety) for change, variety in _kinds(bank)]
    return [[rounded(float(of_one[mask].sum())) for mask in masks] for of_one in counts]
