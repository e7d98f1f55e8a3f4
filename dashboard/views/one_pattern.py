"""One measure for a clinician: what it means, its figures, chance, what a difference of this size means, how sure."""

from dataclasses import dataclass

from dashboard.reading.figures import EVERYONE, PEOPLE
from dashboard.texts.reasons import reason as reason_of
from dashboard.texts.words import Words
from dashboard.views import naming
from dashboard.views.blocks import Cell, Table, link_to
from dashboard.views.chance import level_of
from dashboard.views.profile import ProfilePoint, conclusions, family, frequencies, in_hundred, profile, short_label
from dashboard.views.shown import Compared, OfGroup, Shown, number_cell

_TRANSITIONS, _RECOVERING = "transitions", "recovering"
_CHANGE, _BETTER, _WORSE = "change", "better", "worse"


@dataclass(frozen=True)
class OnePattern:
    """One measure in words."""

    measure: str
    label: str
    about: tuple[str, ...]
    """What it means, and who is included."""
    conclusions: tuple[str, ...]
    """What can be said of it, in one or two sentences."""
    figures: Table
    profile: tuple[ProfilePoint, ...]
    means: tuple[str, ...]
    """What numbers of this size mean."""
    sure: tuple[str, ...]


def one_pattern(words: Words, group: OfGroup) -> OnePattern:
    """Return the chosen figure's measure for the chosen group."""
    choice = group.choice
    about = choice.card.measures[choice.measure]
    found = {name: group.shown(choice.measure, name) for name in about.headlines}
    points = profile(words, group, choice.measure)
    return OnePattern(
        measure=choice.measure,
        label=words.label(about.label),
        about=tuple(words.label(text) for text in (about.definition, about.least_data) if text),
        conclusions=tuple(_conclusions(words, choice.measure, found, points)),
        figures=_figures(words, group, found, points),
        profile=points,
        means=tuple(_means(words, group, found, points)),
        sure=tuple(_sure(words, group, found, points)),
    )


def _conclusions(words: Words, measure: str, found: dict[str, Shown], points: tuple[ProfilePoint, ...]) -> list[str]:
    if all(one.value is None for one in found.values()):
        return [words("patterns.all_withheld")]
    lines = conclusions(words, measure, points) if points else []
    lines += _still_low(words, measure, found)
    lines += both_ways(words, measure, found)
    return lines


def _still_low(words: Words, measure: str, found: dict[str, Shown]) -> list[str]:
    """Return of how many people low mood lasted from one period to the next."""
    one = found.get(_RECOVERING)
    if measure != _TRANSITIONS or one is None or one.value is None or one.interval is None:
        return []
    numbers = {
        "count": in_hundred(words, 100 - one.value),
        "low": in_hundred(words, 100 - one.interval.high),
        "high": in_hundred(words, 100 - one.interval.low),
    }
    return [words("patterns.still_low", **numbers)]


def both_ways(words: Words, measure: str, found: dict[str, Shown]) -> list[str]:
    """Return whether more people got better or worse: only where the two intervals are apart.

    Two intervals of 95 % that do not overlap exclude 0 from the interval of their difference, however the two figures
    depend on each other: its standard deviation is at most the sum of theirs.
    """
    better, worse = found.get(_BETTER), found.get(_WORSE)
    if measure != _CHANGE or better is None or worse is None or better.interval is None or worse.interval is None:
        return []
    if better.interval.low > worse.interval.high:
        return [words("patterns.both.better")]
    return [words("patterns.both.worse" if worse.interval.low > better.interval.high else "patterns.both.unclear")]


def _figures(words: Words, group: OfGroup, found: dict[str, Shown], points: tuple[ProfilePoint, ...]) -> Table:
    """Return all figures of the measure: of the group, of everyone, and how the two compare; people last."""
    choice = group.choice
    has_whole = choice.table != EVERYONE and EVERYONE in choice.card.measures[choice.measure].tables
    whole = OfGroup.read(group.published, choice.of(choice.measure, PEOPLE)) if has_whole else None
    at = {one.found.headline: one for one in points}
    columns = [words("patterns.column.figure"), naming.group_label(words, choice)]
    columns += [words("patterns.column.chance")] if points else []
    columns += [words("patterns.column.all")] if whole is not None else []
    columns += [words("patterns.column.rest")] if choice.table != EVERYONE else []
    rows: list[tuple[Cell, ...]] = []
    for name in sorted(found, key=lambda name: name == PEOPLE):
        of_name = choice.of(choice.measure, name, choice.table, choice.cohort)
        label = short_label(words, choice, choice.measure, name)
        row = [Cell(label, link=link_to("trends", of_name)), Cell(_cell(words, found[name], at.get(name)))]
        if points:
            point = at.get(name)
            row.append(Cell(point.word, point.found.verdict) if point else Cell(""))
        if whole is not None:
            row.append(Cell(_cell(words, whole.shown(choice.measure, name), None)))
        if choice.table != EVERYONE:
            row.append(Cell(_compared(words, found[name])))
        rows.append(tuple(row))
    caption = words("patterns.caption", measure=words.label(choice.card.measures[choice.measure].label))
    return Table(caption, tuple(columns), tuple(rows))


def _cell(words: Words, found: Shown, point: ProfilePoint | None) -> str:
    if point is not None:
        return point.text
    return number_cell(words, found) or words("state.withheld")


def _compared(words: Words, found: Shown) -> str:
    compared = _others(found)
    if compared is None:
        return ""
    said = naming.difference_cell(words, compared.verdict, compared.value, compared.interval, found.unit)
    return said if found.against_rest is not None else words("patterns.against_all", difference=said)


def _others(found: Shown) -> Compared | None:
    return found.against_rest or found.against_all


def _means(words: Words, group: OfGroup, found: dict[str, Shown], points: tuple[ProfilePoint, ...]) -> list[str]:
    """Return what numbers of this size mean, as frequencies."""
    choice = group.choice
    lines: list[str] = []
    if points:
        lines += [words(f"patterns.chance.{family(choice.measure)}.point")]
        lines += frequencies(words, choice.measure, points)
    for name, about in choice.card.measures[choice.measure].headlines.items():
        one = found[name]
        if about.kind == "share" and one.value is not None and one.interval is not None:
            lines.append(_share(words, group, name, one))
    kinds = {about.kind for about in choice.card.measures[choice.measure].headlines.values()}
    if "mean" in kinds and level_of(choice, choice.measure) is None:
        lines.append(words("patterns.mean_point"))
    key = f"patterns.chance.of.{choice.measure}"
    return [*lines, words(key)] if words.has(key) else lines


def _share(words: Words, group: OfGroup, name: str, one: Shown) -> str:
    choice = group.choice
    about = choice.card.measures[choice.measure].headlines[name]
    assert one.value is not None and one.interval is not None  # noqa: S101, PT018 -- the caller has looked
    said = words(
        "patterns.share",
        figure=words.label(about.label),
        count=in_hundred(words, one.value),
        among=words.label(about.among or ""),
        low=in_hundred(words, one.interval.low),
        high=in_hundred(words, one.interval.high),
    )
    compared = _others(one)
    if compared is None:
        return said
    if compared.verdict not in {"higher", "lower"}:
        return f"{said} {words('patterns.share_unclear')}"
    sign = 1 if compared.verdict == "higher" else -1
    low, high = sorted((sign * compared.interval.low, sign * compared.interval.high))
    key = "rest" if one.against_rest is not None else "all"
    more = words(
        f"patterns.share_{compared.verdict}_{key}",
        count=in_hundred(words, sign * compared.value),
        low=in_hundred(words, low),
        high=in_hundred(words, high),
    )
    return f"{said} {more}"


def _sure(words: Words, group: OfGroup, found: dict[str, Shown], points: tuple[ProfilePoint, ...]) -> list[str]:
    choice = group.choice
    people = found[PEOPLE].value if PEOPLE in found else None
    lines: list[str] = []
    if people is not None:
        lines.append(words("patterns.sure.people", amount=words.amount(max(people, 0.0), "persons")))
    lines.append(words("summary.counted.who"))
    lines.append(
        words("patterns.sure.together", count=words.whole(len(points))) if points else words("patterns.sure.single")
    )
    modelled = any(one.is_modelled for one in found.values())
    period = words.period(choice.cadence, 2)
    lines.append(words("patterns.sure.modelled", periods=period) if modelled else words("patterns.sure.plain"))
    wide = [short_label(words, choice, choice.measure, name) for name, one in found.items() if one.is_wide]
    if wide and modelled:
        lines.append(words("patterns.sure.wide", figures=words.listed(wide)))
    reasons = dict.fromkeys(one.reason for one in found.values() if one.value is not None and one.reason)
    lines += [words("patterns.sure.reason", reason=reason_of(words, one)) for one in reasons]
    return lines
