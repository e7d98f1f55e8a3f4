"""Text alternatives of the charts, for people who do not see them."""

from collections.abc import Sequence

from analytics.wording import day, days, listed, period_noun
from dashboard import words
from dashboard.figures import Choice, PublishedFigure, not_released
from dashboard.findings import PublishedLimits, PublishedOutlook

_MOST_NAMED = 12
"""The most cohorts that a text alternative names one by one; the table names all."""


def trend_alt(
    figures: list[PublishedFigure],
    choice: Choice,
    limits: PublishedLimits | None = None,
    ahead: Sequence[PublishedOutlook] = (),
) -> str:
    """Return what the trend chart shows, in text."""
    seen = [(figure.estimate, figure) for figure in figures if figure.estimate is not None]
    who = figures[0].label
    start = f"Line chart of {choice.label.lower()}, {_who(who)}, {days(figures[0].first_day, figures[-1].last_day)}."
    if not seen:
        return f"{start} Every period is withheld."
    low, high = min(seen, key=lambda pair: pair[0]), max(seen, key=lambda pair: pair[0])
    ends = (("Lowest", low[1]), ("highest", high[1]), ("newest shown", seen[-1][1]))
    noun = period_noun(choice.cadence)
    sentences = [
        start,
        ", ".join(f"{name} {words.figure_cell(it)} in the {noun} from {day(it.first_day)}" for name, it in ends) + ".",
        f"Withheld: {words.since([it.first_day for it in figures if it.is_withheld])}.",
        f"Not released: {listed([days(*gap) for gap in not_released(figures, choice.cadence)])}.",
    ]
    if limits is not None:
        sentences.append(f"Dashed: {words.limits(limits, choice.unit)}.")
    if ahead:
        last = ahead[-1]
        sentences.append(
            f"Outlook for {days(last.first_day, last.last_day)}: {words.interval(last.interval, choice.unit)}."
        )
    return " ".join(sentences)


def comparison_alt(figures: list[PublishedFigure], overall: PublishedFigure | None, choice: Choice, table: str) -> str:
    """Return what the comparison shows, in text; of many cohorts only the clearly different are named."""
    shown = sorted(
        (figure for figure in figures if not figure.is_withheld), key=lambda figure: figure.estimate or 0, reverse=True
    )
    clear = [figure for figure in shown if words.verdict(figure.against_all) in {"higher", "lower"}]
    spelled = shown if len(shown) <= _MOST_NAMED else clear
    result = [f"{named(figure, overall)} {words.figure_cell(figure)}" for figure in spelled]
    reference = "" if overall is None else f" All participants: {words.figure_cell(overall)}."
    rest = "" if spelled is shown else f" {len(shown) - len(clear)} others show no clear difference; the table has all."
    when = days(choice.release.first_day, choice.release.last_day)
    return (
        f"Dot chart with intervals of {choice.label.lower()} by {table.lower()}, {when}, "
        f"highest first.{reference} {'; '.join(result)}.{rest} "
        f"Withheld: {listed([figure.label for figure in figures if figure.is_withheld])}."
    )


def named(figure: PublishedFigure, overall: PublishedFigure | None) -> str:
    """Return a cohort with its verdict: `North: higher`; without one where there is nothing to compare with."""
    return figure.label if overall is None else f"{figure.label}: {words.verdict(figure.against_all)}"


def _who(label: str) -> str:
    return label[0].lower() + label[1:] if label.startswith("All ") else label
