"""The groups of a table in words: title, what is withheld and why, text alternative and table."""

from collections.abc import Sequence

from analytics.trends.estimation.intervals import Interval
from dashboard.reading.figures import CAUTION, PEOPLE, Choice, PublishedFigure
from dashboard.reading.modelled import ModelledFigure
from dashboard.texts.reasons import reason
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.blocks import Cell, Table, link_to
from dashboard.views.compared import Against, Compared, Group
from dashboard.views.line_words import with_span

_MOST_NAMED = 3
"""The most groups that a title names."""
_MOST_SPELLED = 12
"""The most groups that a text alternative names one by one; the table names all."""


def groups_title(words: Words, choice: Choice, found: Compared) -> str:
    """Return which groups clearly differ, or that none does."""
    names, figure = naming.table_name(words, choice, found.table), naming.figure_label(words, choice)
    if not found.groups:
        return words("groups.title.withheld", figure=figure, table=names)
    if found.against == "nothing":
        return words("groups.title.plain", figure=figure, table=names)
    higher, lower = ([one.label for one in found.groups if one.mark == mark] for mark in ("higher", "lower"))
    values = {"figure": figure, "table": names, "higher": _named(words, higher), "lower": _named(words, lower)}
    key = "both" if higher and lower else "higher" if higher else "lower" if lower else "none"
    return words(f"groups.title.{found.against}.{key}", **values)


def groups_axis(words: Words, choice: Choice, found: Compared) -> str:
    """Return what the chart's axis measures."""
    if found.against == "nothing":
        return naming.figure_label(words, choice)
    return words("groups.axis", unit=words(f"groups.step.{choice.unit}"))


def groups_below(words: Words, found: Compared) -> tuple[str, ...]:
    """Return the withheld groups with their reason, caution, and how to read comparisons, a sentence or two each."""
    said: list[str] = []
    reasons: dict[str, list[str]] = {}
    for name in found.held:
        reasons.setdefault(_why(words, found, name), []).append(found.labels[name])
    for why, names in reasons.items():
        counts = {"count": words.whole(len(names)), "all": words.whole(len(found.labels))}
        said.append(words("groups.withheld", **counts, groups=words.listed(names), reason=why))
    if caution := [one.label for one in found.groups if one.is_caution]:
        said.append(words("groups.caution", groups=words.listed(caution)))
    if only := [one.label for one in found.groups if one.mark == "odd_one"]:
        clear = [one for one in found.groups if one.mark in {"higher", "lower"}]
        odd = max(clear, key=lambda one: abs(one.value))
        said.append(words("groups.odd_one", groups=words.listed(only), odd=odd.label))
    if found.groups and found.against != "nothing":
        said.append(words("groups.chance"))
    return (*said, *([words("groups.care")] if found.groups else []))


def groups_alt(words: Words, choice: Choice, found: Compared, drawn: Sequence[Group]) -> str:
    """Return what the chart shows, in text, in its order; of many groups only those that clearly differ are named."""
    days = words.days(choice.release.first_day, choice.release.last_day)
    names, figure = naming.table_name(words, choice, found.table), naming.figure_label(words, choice)
    said = [words(f"groups.alt.{found.against}", figure=figure, table=names, days=days)]
    clear = [one for one in drawn if one.mark in {"higher", "lower"}]
    named = drawn if len(drawn) <= _MOST_SPELLED or found.against == "nothing" else clear
    said += [f"{one.label}: {group_text(words, one, choice.unit, found.against)}." for one in named]
    if len(named) < len(drawn):
        said.append(words("groups.alt.others", count=words.whole(len(drawn) - len(named))))
    if found.held:
        held = [found.labels[name] for name in found.held]
        said.append(words("groups.alt.withheld", groups=words.listed(held)))
    return " ".join(said)


def group_text(words: Words, one: Group, unit: str, against: Against) -> str:
    """Return a group's figure with its verdict: `34.1%, higher by 19.4 percentage points (between …)`."""
    if against == "nothing":
        return words("groups.alone", amount=one.amount, between=words.between(one.ends.low, one.ends.high, unit))
    if one.mark == "odd_one":
        return words(
            "groups.odd_one_alone", amount=one.amount, between=words.step_between(one.ends.low, one.ends.high, unit)
        )
    said = naming.difference(words, one.mark, one.value, one.ends, unit)
    return words("groups.compared", amount=one.amount, difference=said)


def groups_table(words: Words, choice: Choice, found: Compared, drawn: Sequence[Group]) -> Table:
    """Return one row per group in the order of the chart, the withheld ones last, with modelled and plain figure."""
    is_compared = choice.headline != PEOPLE
    columns = [words("grid.group")]
    columns += [words("groups.column.modelled")] if found.is_modelled else []
    columns += [words("groups.column.plain")]
    columns += [words("groups.column.difference"), words("groups.column.people")] if is_compared else []
    by_name = {one.cohort: one for one in drawn}
    rows: list[tuple[Cell, ...]] = []
    for name in [*by_name, *found.held]:
        own, published = found.model.get(name), found.plain.get(name)
        there = choice.of(choice.measure, choice.headline, found.table, name)
        row = [Cell(found.labels[name], link=link_to("trends", there))]
        row += [Cell(_modelled_cell(words, own))] if found.is_modelled else []
        row.append(Cell(_plain_cell(words, published)))
        if is_compared:
            people = (own.people if own else None) or (published.people if published else None)
            row.append(_difference_cell(words, by_name.get(name), choice.unit))
            row.append(Cell("" if people is None else words.number(max(people, 0.0), "persons")))
        rows.append(tuple(row))
    names, figure = naming.table_name(words, choice, found.table), naming.figure_label(words, choice)
    return Table(words("groups.table", figure=figure, table=names), tuple(columns), tuple(rows))


def _named(words: Words, labels: list[str]) -> str:
    return words.listed(labels) if len(labels) <= _MOST_NAMED else words("groups.count", count=words.whole(len(labels)))


def _why(words: Words, found: Compared, name: str) -> str:
    model, plain = found.model.get(name), found.plain.get(name)
    if model is not None and model.state == "too_little_history":
        return words("groups.too_little_history")
    return reason(words, plain.reason) if plain is not None and plain.is_withheld else words("groups.too_few")


def _difference_cell(words: Words, one: Group | None, unit: str) -> Cell:
    if one is None or one.mark == "not_known":
        return Cell(words("naming.not_known"))
    return Cell(naming.difference_cell(words, one.mark, one.value, one.ends, unit), one.mark)


def _modelled_cell(words: Words, own: ModelledFigure | None) -> str:
    if own is None or own.value is None or own.shown is None:
        is_short = own is not None and own.state == "too_little_history"
        return words("groups.short_history" if is_short else "groups.held")
    return _cell(words, own.value, own.shown, own.unit, is_caution=own.state == CAUTION)


def _plain_cell(words: Words, published: PublishedFigure | None) -> str:
    if published is None or published.estimate is None or published.shown is None:
        return words("groups.held")
    is_caution = published.reliability == CAUTION
    return _cell(words, published.estimate, published.shown, published.unit, is_caution=is_caution)


def _cell(words: Words, value: float, shown: Interval, unit: str, *, is_caution: bool) -> str:
    text = with_span(words, value, shown.low, shown.high, unit)
    return words("groups.with_caution", text=text) if is_caution else text
