"""The part of the page about public sizes: how many of the people who live in a group log, and weighted figures."""

import streamlit as st

from analytics.trends.publication.published import Published
from analytics.wording import amount, number, span
from dashboard import notes, words
from dashboard.figures import CAUTION, EVERYONE, PEOPLE, Choice
from dashboard.panels import MANY_ROWS
from dashboard.weighted import PublishedNumber, PublishedWeights, Represented, coverage, weighted


def represented_panel(published: Published, choice: Choice) -> None:
    """Show coverage and the chosen figure weighted; nothing where no public sizes were given."""
    about = choice.card.population
    covered = coverage(published, choice)
    if about is None or not covered:
        return
    everyone = next(iter(covered.get(EVERYONE, [])), None)
    share = "" if everyone is None or everyone.figure is None else f": about {_amount(everyone.figure)} who live there"
    st.subheader(f"{choice.people_label}{share}", anchor=False)
    if everyone is not None:
        st.markdown(everyone.sentence or f"{choice.people_label}: {words.plain_withheld(everyone.reason)}.")
    st.markdown(f"Public sizes: {about.source}, as of {about.as_of}. {notes.COVERAGE}")
    single = [table for table in covered if table != EVERYONE and len(_dimensions(choice, table)) == 1]
    for column, table in zip(st.columns(max(len(single), 1)), single, strict=False):
        column.table([_coverage_row(choice.tables[table], one) for one in covered[table]], hide_index=True)
    for table in (table for table in covered if table != EVERYONE and table not in single):
        with st.expander(f"{choice.tables[table]} ({len(covered[table])} groups)"):
            st.table([_coverage_row(choice.tables[table], one) for one in covered[table]], hide_index=True)
    if choice.headline != PEOPLE:
        _weighted_panel(choice, weighted(published, choice))


def _weighted_panel(choice: Choice, found: dict[str, list[Represented]]) -> None:
    """Show the chosen figure weighted to the public sizes, and the plain one."""
    rows = [one for table in found.values() for one in table]
    if not rows:
        st.markdown(f"{choice.label}: {notes.NO_STRATA}")
        return
    everyone = next((one for one in rows if one.cohort == EVERYONE), None)
    st.subheader(_title(choice, everyone), anchor=False)
    if everyone is not None and everyone.sentence:
        st.markdown(f"**{everyone.sentence}** {everyone.cannot_say}")
    st.markdown(notes.WEIGHTED)
    with st.expander(f"{choice.label}, plain and weighted ({len(rows)} groups)", expanded=len(rows) <= MANY_ROWS):
        st.table([_weighted_row(one) for one in rows], hide_index=True)
    result = [one for one in rows if one.weights]
    groups = [one for one in result if one.against_all]
    if groups:
        with st.expander(f"How weighted groups compare ({len(groups)} groups)"):
            st.table([_against_row(one) for one in groups], hide_index=True)
    if result:
        with st.expander(f"What the weights do ({len(result)} groups)"):
            st.markdown(notes.WEIGHTS)
            st.table([_weights_row(one.label, one.weights) for one in result if one.weights], hide_index=True)


def _title(choice: Choice, everyone: Represented | None) -> str:
    if everyone is None or everyone.figure is None:
        return f"{choice.label}, weighted"
    found = words.verdict(everyone.less_plain)
    against = "no clear difference from" if found not in {"higher", "lower"} else f"{found} than"
    return f"{choice.label}, weighted: {_amount(everyone.figure)}, {against} the plain figure"


def _coverage_row(grouping: str, one: Represented) -> dict[str, str]:
    result = words.plain_withheld(one.reason) if one.figure is None else _cell(one.figure)
    against = words.difference_cell(one.against_all, "per_1000")
    return {grouping: one.label, "Per 1,000 who live there": result, "Compared with all groups together": against}


def _weighted_row(one: Represented) -> dict[str, str]:
    if one.figure is None or one.plain is None:
        result = words.plain_withheld(one.reason)
        return {"Group": one.label, "Plain": "", "Weighted": result, "Weighted compared with plain": ""}
    return {
        "Group": one.label,
        "Plain": _cell(one.plain),
        "Weighted": _cell(one.figure) + (" (caution)" if one.reliability == CAUTION else ""),
        "Weighted compared with plain": words.difference_cell(one.less_plain, one.figure.unit),
    }


def _against_row(one: Represented) -> dict[str, str]:
    unit = one.figure.unit if one.figure else ""
    return {
        "Group": one.label,
        "Compared with all participants, weighted in the same way": words.difference_cell(one.against_all, unit),
    }


def _weights_row(label: str, found: PublishedWeights) -> dict[str, str]:
    effect = found.design_effect
    joined = f" ({found.joined} of {found.strata} strata joined)" if found.joined else ""
    return {
        "Group": label + joined,
        "Design effect": f"{effect.estimate:.2f} ({effect.interval.low:.2f} to {effect.interval.high:.2f})",
        "Effective people": _people(found.effective_people),
        "Area unknown, no weight": _people(found.unplaced),
    }


def _people(found: PublishedNumber) -> str:
    return f"{number(max(found.estimate, 0.0), 'persons')} ({span(found.interval.low, found.interval.high, 'persons')})"


def _cell(found: PublishedNumber) -> str:
    return f"{amount(found.estimate, found.unit)} ({span(found.interval.low, found.interval.high, found.unit)})"


def _amount(found: PublishedNumber) -> str:
    return amount(found.estimate, found.unit)


def _dimensions(choice: Choice, table: str) -> tuple[str, ...]:
    return choice.card.measures[choice.measure].tables[table].dimensions
