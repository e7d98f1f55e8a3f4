"""Public sizes: how many of the people who live in a group log, and figures weighted to those sizes."""

from dataclasses import dataclass

from analytics.trends.publication.published import Published
from dashboard.reading.figures import CAUTION, EVERYONE, PEOPLE, Choice, PublishedDifference
from dashboard.reading.weighted import PublishedNumber, PublishedWeights, Represented, coverage, weighted
from dashboard.texts.reasons import reason
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.blocks import Table, table


@dataclass(frozen=True)
class Coverage:
    """How many of those who live in a group log."""

    title: str
    lines: tuple[str, ...]
    tables: tuple[Table, ...]
    """Of groups of one dimension."""
    crossed: tuple[Table, ...]
    withheld: str
    """The groups of one dimension without a figure, in one line."""
    crossed_withheld: str


@dataclass(frozen=True)
class Weighting:
    """The chosen figure weighted to the public sizes, next to the plain one."""

    title: str
    lines: tuple[str, ...]
    tables: tuple[Table, ...]
    weights: tuple[str, Table] | None
    """What the weights do."""


def covered(words: Words, published: Published, choice: Choice) -> Coverage | None:
    """Return coverage of the chosen measure; None where no public sizes were given."""
    about = choice.card.population
    found = coverage(published, choice)
    if about is None or not found:
        return None
    everyone = next(iter(found.get(EVERYONE, [])), None)
    singles = [name for name in found if name != EVERYONE and len(_dimensions(choice, name)) == 1]
    crossed = [name for name in found if name != EVERYONE and name not in singles]
    lines = [_of_everyone(words, everyone)] if everyone is not None else []
    lines += [words("represented.source", source=about.source, day=about.as_of), words("represented.coverage")]
    return Coverage(
        title=words("represented.title"),
        lines=tuple(lines),
        tables=tuple(_coverage_table(words, choice, name, found[name]) for name in singles),
        crossed=tuple(_coverage_table(words, choice, name, found[name]) for name in crossed),
        withheld=_withheld(words, choice, [(name, one) for name in singles for one in found[name]]),
        crossed_withheld=_withheld(words, choice, [(name, one) for name in crossed for one in found[name]]),
    )


def weighting(words: Words, published: Published, choice: Choice) -> Weighting | None:
    """Return the chosen figure weighted; None of a number of people, and where no public sizes were given."""
    if choice.card.population is None or not coverage(published, choice) or choice.headline == PEOPLE:
        return None
    label = naming.figure_label(words, choice)
    rows = [(name, one) for name, ones in weighted(published, choice).items() for one in ones]
    if not rows:
        return Weighting(words("represented.weighted_title", figure=label), (_no_strata(words, label),), (), None)
    everyone = next((one for name, one in rows if name == EVERYONE), None)
    lines = [] if everyone is None else _weighted_lines(words, everyone)
    lines.append(words("represented.weighted"))
    tables = [_weighted_table(words, choice, rows)]
    lines += [held] if (held := _withheld(words, choice, rows)) else []
    against = [(name, one) for name, one in rows if one.weights and one.against_all]
    if against:
        tables.append(_against_table(words, choice, against))
    of_weights = [(name, one, one.weights) for name, one in rows if one.weights]
    return Weighting(
        title=_title(words, label, everyone),
        lines=tuple(lines),
        tables=tuple(tables),
        weights=(words("represented.weights"), _weights_table(words, choice, of_weights)) if of_weights else None,
    )


def _withheld(words: Words, choice: Choice, rows: list[tuple[str, Represented]]) -> str:
    held = [naming.cohort_label(words, choice, name, one.cohort) for name, one in rows if one.figure is None]
    return words("represented.withheld", groups="; ".join(held)) if held else ""


def _no_strata(words: Words, label: str) -> str:
    return words("represented.no_strata", figure=label)


def _of_everyone(words: Words, everyone: Represented) -> str:
    if everyone.figure is None:
        return words("represented.held", reason=_reason(words, everyone))
    found = everyone.figure
    return words(
        "represented.everyone",
        amount=words.amount(found.estimate, found.unit),
        between=words.between(found.interval.low, found.interval.high, found.unit),
        size=words.whole(everyone.size),
    )


def _title(words: Words, label: str, everyone: Represented | None) -> str:
    if everyone is None or everyone.figure is None:
        return words("represented.weighted_title", figure=label)
    found = naming.verdict(everyone.less_plain)
    key = found if found in {"higher", "lower"} else "unclear"
    amount = words.amount(everyone.figure.estimate, everyone.figure.unit)
    return words(f"represented.weighted_{key}", figure=label, amount=amount)


def _weighted_lines(words: Words, everyone: Represented) -> list[str]:
    if everyone.figure is None or everyone.plain is None:
        return [words("represented.held", reason=_reason(words, everyone))]
    compared = everyone.less_plain
    said = [words("represented.both", weighted=_cell(words, everyone.figure), plain=_cell(words, everyone.plain))]
    if compared is not None:
        found = naming.verdict(compared)
        by = naming.difference(words, found, compared.estimate, compared.simultaneous, everyone.figure.unit)
        said.append(words("represented.less_plain", difference=by))
    return [" ".join(said), *([words.label(everyone.cannot_say)] if everyone.cannot_say else [])]


def _coverage_table(words: Words, choice: Choice, name: str, ones: list[Represented]) -> Table:
    label = naming.table_name(words, choice, name)
    rows = [
        (
            naming.cohort_label(words, choice, name, one.cohort),
            _cell(words, one.figure),
            _difference(words, one.against_all, "per_1000"),
        )
        for one in ones
        if one.figure is not None
    ]
    columns = (label, words("represented.column.per_1000"), words("represented.column.against_all"))
    return table(words("represented.caption", table=label), columns, rows)


def _weighted_table(words: Words, choice: Choice, rows: list[tuple[str, Represented]]) -> Table:
    made: list[tuple[str, ...]] = []
    for name, one in rows:
        label = naming.cohort_label(words, choice, name, one.cohort)
        if one.figure is None or one.plain is None:
            continue
        caution = words("represented.caution") if one.reliability == CAUTION else ""
        compared = _difference(words, one.less_plain, one.figure.unit)
        made.append((label, _cell(words, one.plain), _cell(words, one.figure) + caution, compared))
    columns = tuple(words(f"represented.column.{name}") for name in ("group", "plain", "weighted", "less_plain"))
    return table(words("represented.caption_weighted", figure=naming.figure_label(words, choice)), columns, made)


def _against_table(words: Words, choice: Choice, rows: list[tuple[str, Represented]]) -> Table:
    made = [
        (
            naming.cohort_label(words, choice, name, one.cohort),
            _difference(words, one.against_all, one.figure.unit if one.figure else ""),
        )
        for name, one in rows
    ]
    columns = (words("represented.column.group"), words("represented.column.against_weighted"))
    return table(words("represented.caption_against"), columns, made)


def _weights_table(words: Words, choice: Choice, rows: list[tuple[str, Represented, PublishedWeights]]) -> Table:
    made: list[tuple[str, ...]] = []
    for name, one, found in rows:
        joined = (
            words("represented.joined", joined=words.whole(found.joined), strata=words.whole(found.strata))
            if found.joined
            else ""
        )
        made.append(
            (
                naming.cohort_label(words, choice, name, one.cohort) + joined,
                _effect(words, found.design_effect),
                _people(words, found.effective_people),
                _people(words, found.unplaced),
            )
        )
    columns = tuple(words(f"represented.column.{name}") for name in ("group", "effect", "effective", "unplaced"))
    return table(words("represented.caption_weights"), columns, made)


def _difference(words: Words, found: PublishedDifference | None, unit: str) -> str:
    if found is None:
        return words("represented.not_compared")
    return naming.difference_cell(words, naming.verdict(found), found.estimate, found.simultaneous, unit)


def _effect(words: Words, found: PublishedNumber) -> str:
    numbers = (found.estimate, found.interval.low, found.interval.high)
    amount, low, high = (words.decimal(value) for value in numbers)
    return words("patterns.cell", amount=amount, span=words("number.span", low=low, high=high))


def _people(words: Words, found: PublishedNumber) -> str:
    amount = words.number(max(found.estimate, 0.0), "persons")
    return words("patterns.cell", amount=amount, span=words.span(found.interval.low, found.interval.high, "persons"))


def _cell(words: Words, found: PublishedNumber | None) -> str:
    if found is None:
        return words("state.withheld")
    span = words.span(found.interval.low, found.interval.high, found.unit)
    return words("patterns.cell", amount=words.amount(found.estimate, found.unit), span=span)


def _reason(words: Words, one: Represented) -> str:
    return reason(words, one.reason) if one.reason else words("represented.no_reason")


def _dimensions(choice: Choice, name: str) -> tuple[str, ...]:
    return choice.card.measures[choice.measure].tables[name].dimensions
