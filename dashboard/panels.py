"""The parts of the page that show figures: the headline, the trend, the comparison and who is counted."""

from collections.abc import Sequence

import streamlit as st

from analytics.trends.publication.published import Published, cohort_labels
from analytics.wording import amount, days, is_beyond, listed, number, period_noun, span
from dashboard import alt_text, charts, notes, words
from dashboard.figures import (
    CAUTION,
    EVERYONE,
    PEOPLE,
    WITHHELD,
    Choice,
    PublishedFigure,
    by_reason,
    comparison,
    not_released,
    overall,
    trend,
)
from dashboard.findings import is_tested, limits, outlook, pair_sentences, signals

MANY_ROWS = 14
"""The most rows of a table that is shown at full height."""
MANY_SIGNALS = 6
"""The most signals that are shown before the reader opens more; everyone's and the larger groups' come first."""


def headline(published: Published, choice: Choice) -> None:
    """Show the chosen figure of all participants, its interval, the people, and the change since the period before.

    The title is the release's first signal of the figure, or the change if there is none: a change that goes on for
    weeks is no difference from the week before.
    """
    figure, people = overall(published, choice), overall(published, choice, PEOPLE)
    noun = period_noun(choice.cadence)
    if figure is None or people is None:
        st.header(f"{choice.label} among all participants", anchor=False)
        st.markdown("This product has no table of all participants together.")
        return
    own = [
        signal.claim for signal in signals(published, choice) if signal.headline == (choice.measure, choice.headline)
    ]
    st.header(next(filter(None, own), None) or _headline_title(choice, figure, noun), anchor=False)
    with st.container(horizontal=True, gap="large"):
        st.metric(f"{choice.label}, all participants", _metric(figure), width="content")
        if choice.headline != PEOPLE:
            st.metric(f"{choice.people_label}, about", _metric(people), width="content")
    st.markdown(f"**{words.headline(choice.label, choice.kind, figure, choice.among)}**")
    is_first = choice.release == published.releases(choice.product)[0]
    lines = [words.since_previous(figure, choice.cadence, is_first=is_first)]
    if choice.headline != PEOPLE:
        lines.append(words.headline(choice.people_label, "people", people))
    st.markdown("\n".join(f"- {line}" for line in lines))
    if figure.reliability == CAUTION:
        st.markdown(f"Caution: {figure.reason}.")
    if figure.instead:
        st.markdown(figure.instead)
    st.markdown(_definition(choice))


def signals_panel(published: Published, choice: Choice) -> None:
    """Show the signals of the chosen release in words: first those of the chosen figure.

    No signal is said only where something was tested.
    """
    found = signals(published, choice)
    own = [signal for signal in found if signal.headline == (choice.measure, choice.headline)]
    rest = own[MANY_SIGNALS:] + [signal for signal in found if signal not in own]
    if is_tested(published, choice):
        count = "no signal" if not own else "1 signal" if len(own) == 1 else f"{len(own)} signals"
        st.header(f"{choice.label}: {count} in this {period_noun(choice.cadence)}", anchor=False)
    else:
        st.header(f"{choice.label}: too little history to look for changes", anchor=False)
        st.markdown(notes.NOT_TESTED)
    if own:
        st.markdown("\n".join(f"- {signal.sentence}" for signal in own[:MANY_SIGNALS]))
    if rest:
        with st.expander(f"More signals of this release ({len(rest)})"):
            st.markdown("\n".join(f"- {signal.sentence}" for signal in rest))
    st.markdown(notes.SIGNALS)


def trend_panel(published: Published, choice: Choice, ink: str) -> tuple[str, str]:
    """Show one cohort over all periods, as a chart, in words and as numbers; return the chosen table and cohort."""
    left, right = st.columns(2)
    table = left.selectbox("Trend of", list(choice.tables), format_func=choice.tables.__getitem__, key="trend-table")
    labels = cohort_labels(choice.card, choice.measure, table)
    cohort = next(iter(labels))
    if len(labels) > 1:
        cohort = right.selectbox("Group", list(labels), format_func=labels.__getitem__, key=f"trend-{table}")
    figures = trend(published, choice, table, cohort)
    st.subheader(_trend_title(choice, figures), anchor=False)
    if any(not figure.is_withheld for figure in figures):
        edges, ahead = limits(published, choice, table, cohort), outlook(published, choice, table, cohort)
        chart = charts.trend_chart(figures, choice, ink, edges, ahead)
        st.altair_chart(chart, alt=alt_text.trend_alt(figures, choice, edges, ahead), key="trend-chart")
        st.markdown(notes.INTERVALS)
        if reaches_beyond(figures):
            st.markdown(notes.BEYOND)
        if edges is not None:
            rebased = f" A new range {edges.rebased}." if edges.rebased else ""
            st.markdown(f"Dashed: {words.limits(edges, choice.unit)}. {notes.LIMITS}{rebased}")
        if ahead:
            st.markdown(f"Squares: the outlook. {ahead[-1].sentence} {notes.OUTLOOK}")
    else:
        st.info("There is no chart: every period of this group is withheld.")
    _reasons(figures, choice)
    with st.expander("The numbers behind this trend"):
        noun = period_noun(choice.cadence)
        st.markdown(notes.CHANGES)
        st.table(
            [
                {
                    noun.capitalize(): f"{days(figure.first_day, figure.last_day)} ({figure.period})",
                    choice.label: words.figure_cell(figure) + _mark(figure),
                    f"Compared with the {noun} before": words.difference_cell(figure.since_previous, figure.unit),
                }
                for figure in reversed(figures)
            ],
            hide_index=True,
        )
    return table, cohort


def _reasons(figures: list[PublishedFigure], choice: Choice) -> None:
    """Say which periods of a trend are withheld, to be read with caution or missing, and what to read instead."""
    for reason, held in by_reason(figures, WITHHELD).items():
        st.markdown(f"Withheld: {_starts(held, choice)}. Reason: {words.plain_reason(reason)}.")
    for reason, wide in by_reason(figures, CAUTION).items():
        st.markdown(f"Caution: {_starts(wide, choice)}. Reason: {words.plain_reason(reason)}.")
    for figure in figures:
        if figure.instead and figure.period == choice.release.period:
            st.markdown(figure.instead)
    if gaps := not_released(figures, choice.cadence):
        st.markdown(f"Not released: {listed([days(*gap) for gap in gaps])}.")


def comparison_panel(published: Published, choice: Choice, ink: str) -> str:
    """Show the cohorts of one table and all participants, the withheld ones last; return the chosen table."""
    groupings = choice.groupings
    table = st.selectbox("Compare by", list(groupings), format_func=groupings.__getitem__, key="comparison-table")
    figures = comparison(published, choice, table)
    everyone = overall(published, choice) if choice.headline != PEOPLE else None
    if everyone is not None and everyone.is_withheld:
        everyone = None
    shown = [figure for figure in figures if not figure.is_withheld]
    st.subheader(_comparison_title(choice, groupings[table], figures), anchor=False)
    if shown:
        st.markdown(notes.COMPARE_WITH_CARE)
        if everyone is not None:
            st.markdown(f"Dashed line: all participants, {words.figure_cell(everyone)}.")
        chart = charts.comparison_chart(shown, everyone, choice, ink)
        text = alt_text.comparison_alt(figures, everyone, choice, groupings[table])
        st.altair_chart(chart, alt=text, key="comparison-chart")
        if reaches_beyond(shown):
            st.markdown(notes.BEYOND)
        ranked = sorted(shown, key=lambda figure: figure.estimate or 0, reverse=True)
        with st.expander("The numbers behind this comparison", expanded=len(ranked) <= MANY_ROWS):
            st.table([_comparison_row(choice, groupings[table], figure) for figure in ranked], hide_index=True)
        _two_groups(published, choice, table)
    for reason, held in by_reason(figures, WITHHELD).items():
        names = listed([figure.label for figure in held])
        st.markdown(f"**Withheld ({len(held)} of {len(figures)}):** {names}. Reason: {words.plain_reason(reason)}.")
    offered = [figure.instead for figure in figures if figure.instead]
    if offered:
        with st.expander(f"What you can read instead ({len(offered)})"):
            st.markdown("\n".join(f"- {sentence}" for sentence in offered))
    for reason, wide in by_reason(figures, CAUTION).items():
        names = listed([figure.label for figure in wide])
        st.markdown(f"**Caution ({len(wide)} of {len(figures)}):** {names}. Reason: {words.plain_reason(reason)}.")
    return table


def _two_groups(published: Published, choice: Choice, table: str) -> None:
    """Let the reader compare two groups; all pairs of the table are looked at together."""
    found = pair_sentences(published, choice, table)
    labels = cohort_labels(choice.card, choice.measure, table)
    names = [name for name in labels if any(name in pair for pair in found)]
    if not names:
        return
    left, right = st.columns(2)
    one = left.selectbox("Compare", names, format_func=labels.__getitem__, key=f"pair-{table}")
    others = [name for name in names if name != one]
    other = right.selectbox("with", others, format_func=labels.__getitem__, key=f"pair-{table}-{one}")
    st.markdown(found.get((one, other)) or found.get((other, one)) or "These two groups cannot be compared.")


def who_panel(published: Published, choice: Choice) -> None:
    """Show the noisy number of people, overall and by each single dimension."""
    people = overall(published, choice, PEOPLE)
    count = None if people is None else people.estimate
    about = "" if count is None else f": about {amount(count, 'persons')}"
    st.header(f"Who is counted{about}", anchor=False)
    if people is not None:
        st.markdown(f"{words.headline(choice.people_label, 'people', people)} {notes.WHO_COUNTS}")
    st.markdown(notes.WHO_NOT)
    tables = choice.card.measures[choice.measure].tables
    single = [name for name in choice.groupings if len(tables[name].dimensions) == 1]
    for column, table in zip(st.columns(max(len(single), 1)), single, strict=False):
        rows = [
            {choice.groupings[table]: figure.label, "People (interval)": _people_cell(figure)}
            for figure in comparison(published, choice, table, PEOPLE)
        ]
        column.table(rows, hide_index=True)


def nearly_all_withheld(published: Published, choice: Choice) -> bool:
    """Return whether at least four in five groups of the chosen period are withheld."""
    figures = [figure for table in choice.groupings for figure in comparison(published, choice, table)]
    return bool(figures) and sum(figure.is_withheld for figure in figures) * 5 >= len(figures) * 4


def _headline_title(choice: Choice, figure: PublishedFigure, noun: str) -> str:
    found = words.verdict(figure.since_previous)
    if figure.is_withheld:
        return f"{choice.label}: withheld for this {noun}"
    if found == "not known":
        return f"{choice.label}: no {noun} to compare with"
    if found == "no clear difference":
        return f"{choice.label}: no clear difference from the {noun} before"
    return f"{choice.label}: {found} than in the {noun} before"


def _trend_title(choice: Choice, figures: list[PublishedFigure]) -> str:
    found = [words.verdict(figure.since_previous) for figure in figures]
    rises, falls = found.count("higher"), found.count("lower")
    changes = [
        f"{count} clear {name}{'s' if count > 1 else ''}" for count, name in ((rises, "rise"), (falls, "fall")) if count
    ]
    who = figures[0].label if figures[0].cohort != EVERYONE else "all participants"
    seen = listed(changes) if changes else "no clear change"
    if set(found) == {"not known"}:
        seen = "nothing to compare"
    spell = f"{len(figures)} {period_noun(choice.cadence, len(figures))}"
    return f"{choice.label}, {who}: {seen} in {spell}"


def _comparison_title(choice: Choice, grouping: str, figures: list[PublishedFigure]) -> str:
    held = sum(figure.is_withheld for figure in figures)
    found = [words.verdict(figure.against_all) for figure in figures if not figure.is_withheld]
    if held == len(figures):
        return f"{choice.label} by {grouping.lower()}: all {held} groups are withheld"
    counts = [(found.count("higher"), "clearly higher"), (found.count("lower"), "clearly lower"), (held, "withheld")]
    held_or_clear = listed([f"{count} {name}" for count, name in counts if count])
    of = f" of {len(figures)}" if held_or_clear != "none" else ""
    nothing = "people in each group" if choice.headline == PEOPLE else "no clear difference"
    return f"{choice.label} by {grouping.lower()}: {held_or_clear + of if of else nothing}"


def _comparison_row(choice: Choice, grouping: str, figure: PublishedFigure) -> dict[str, str]:
    row = {grouping: figure.label, choice.label: words.figure_cell(figure) + _mark(figure)}
    if choice.headline == PEOPLE:
        return row
    people = "" if figure.people is None else number(max(figure.people, 0.0), "persons")
    against = words.difference_cell(figure.against_all, figure.unit)
    return row | {"Compared with all participants": against, "People, about": people}


def reaches_beyond(figures: Sequence[PublishedFigure]) -> bool:
    """Return whether an interval reaches past an end of its scale, and is cut there."""
    ends = [(figure.shown, figure.unit) for figure in figures if figure.shown is not None]
    return any(is_beyond(end, unit) for shown, unit in ends for end in (shown.low, shown.high))


def _people_cell(figure: PublishedFigure) -> str:
    if figure.estimate is None or figure.shown is None:
        return words.withheld(figure)
    return f"{number(max(figure.estimate, 0.0), 'persons')} ({span(figure.shown.low, figure.shown.high, 'persons')})"


def _metric(figure: PublishedFigure) -> str:
    return "withheld" if figure.estimate is None else amount(figure.estimate, figure.unit)


def _definition(choice: Choice) -> str:
    """Say what the measure counts and whom, and of a share which of its categories, all from the release's card."""
    about = choice.card.measures[choice.measure]
    least = about.least_data or ""
    # A release of an older plan says what it takes to be counted; a newer one says whom the figure includes.
    result = f"{about.definition or ''} {least if least.startswith('Includes ') else f'Needed to be counted: {least}'}"
    if choice.kind != "share":
        return result
    weights = about.headlines[choice.headline].weights
    counted = [label for label, weight in zip(about.categories.values(), weights, strict=True) if weight]
    if counted == [choice.label]:
        return result
    return f"{result} {choice.label} means: {listed(counted)}."


def _starts(figures: list[PublishedFigure], choice: Choice) -> str:
    """Return `the weeks from 5 January and 12 January 2026`."""
    noun = period_noun(choice.cadence, len(figures))
    return f"the {noun} from {words.since([figure.first_day for figure in figures])}"


def _mark(figure: PublishedFigure) -> str:
    return " (caution)" if figure.reliability == CAUTION else ""
