"""What the charts show, in text, for those who do not see them."""

from collections.abc import Sequence

from dashboard import words
from dashboard.figures import Choice, DisplayedFigure, not_released
from dashboard.findings import DisplayedLimits, DisplayedOutlook

_MOST_NAMED = 12
"""The most cohorts that a text alternative names one by one; the table names all."""


def trend_alt(
    figures: list[DisplayedFigure],
    choice: Choice,
    limits: DisplayedLimits | None = None,
    ahead: Sequence[DisplayedOutlook] = (),
) -> str:
    """Return what the trend chart shows, in text."""
    seen = [(figure.estimate, figure) for figure in figures if figure.estimate is not None]
    who = figures[0].label
    start = f"Line chart of {choice.label.lower()}, {_who(who)}, {figures[0].period} to {figures[-1].period}."
    if not seen:
        return f"{start} Every period is withheld."
    low, high = min(seen, key=lambda pair: pair[0]), max(seen, key=lambda pair: pair[0])
    ends = (("Lowest", low[1]), ("highest", high[1]), ("newest shown", seen[-1][1]))
    sentences = [
        start,
        ", ".join(f"{name} {words.figure_cell(figure)} in {figure.period}" for name, figure in ends) + ".",
        f"Withheld: {words.listed([figure.period for figure in figures if figure.is_withheld])}.",
        f"Not released: {words.listed([words.days(*gap) for gap in not_released(figures, choice.cadence)])}.",
    ]
    if limits is not None:
        sentences.append(f"Dashed: {words.limits(limits, choice.unit)}.")
    if ahead:
        last = ahead[-1]
        sentences.append(f"Outlook for {last.period}: {words.between(last.interval, choice.unit)}.")
    return " ".join(sentences)


def comparison_alt(figures: list[DisplayedFigure], overall: DisplayedFigure | None, choice: Choice, table: str) -> str:
    """Return what the comparison shows, in text; of many cohorts only the clearly different are named."""
    shown = sorted(
        (figure for figure in figures if not figure.is_withheld), key=lambda figure: figure.estimate or 0, reverse=True
    )
    clear = [figure for figure in shown if words.verdict(figure.against_all) in {"higher", "lower"}]
    spelled = shown if len(shown) <= _MOST_NAMED else clear
    said = [f"{named(figure, overall)} {words.figure_cell(figure)}" for figure in spelled]
    reference = "" if overall is None else f" All participants: {words.figure_cell(overall)}."
    rest = "" if spelled is shown else f" {len(shown) - len(clear)} others show no clear difference; the table has all."
    return (
        f"Dot chart with intervals of {choice.label.lower()} by {table.lower()} in {choice.release.period}, highest "
        f"first.{reference} {'; '.join(said)}.{rest} "
        f"Withheld: {words.listed([figure.label for figure in figures if figure.is_withheld])}."
    )


def named(figure: DisplayedFigure, overall: DisplayedFigure | None) -> str:
    """Return a cohort with its verdict: `North: higher`; without one where there is nothing to compare with."""
    return figure.label if overall is None else f"{figure.label}: {words.verdict(figure.against_all)}"


def _who(label: str) -> str:
    return label[0].lower() + label[1:] if label.startswith("All ") else label
