"""What the reader chooses, kept in the address: product, period, group, figure and language.

The address holds public names (`figure=mood_bands.low_share`), so that a link works in every language and after a label
has changed. It holds a choice only once the reader has made it: a page opened without one shows the newest release.
"""

from collections.abc import Mapping, Sequence

import streamlit as st

from analytics.trends.publication.published import Card, Published, Release
from dashboard.reading.choices import figure_code, figures_of, group_code, groups_of
from dashboard.reading.figures import EVERYONE, Choice
from dashboard.texts.words import LANGUAGES, NAMES, Language, Words
from dashboard.views.naming import cohort_label, table_name

_MOST_LETTERS = 200
"""Of a public name. What is longer is no choice, and each link of a page would repeat it."""

PARAMETERS = ("product", "period", "group", "figure", "language", "by", "order")


def chosen_language(default: Language) -> Language:
    """Return the language that the address names, or the service's own."""
    named = st.query_params.get("language")
    return next((language for language in LANGUAGES if language == named), default)


def language_box(words: Words) -> None:
    """Offer the languages."""
    st.session_state["language"] = words.language
    st.selectbox(
        words("choose.language"),
        LANGUAGES,
        format_func=NAMES.__getitem__,
        key="language",
        on_change=_keep,
        args=("language",),
    )


def choose(words: Words, published: Published) -> Choice:
    """Show the boxes and return the choice; what an address names and nobody published is replaced by the default."""
    products = published.products
    product = _box(words("choose.product"), "product", {name: words.label(label) for name, label in products.items()})
    releases = {release.period: release for release in published.releases(product)[::-1]}
    period = _box(words("choose.period"), "period", {name: period_label(words, it) for name, it in releases.items()})
    release = releases[period]
    card = published.card(release)
    figures = figures_of(card)
    labels = {code: _figure_label(words, card, *names) for code, names in figures.items()}
    measure, headline = figures[_box(words("choose.figure"), "figure", labels)]
    base = Choice(product, release, card, measure, headline)
    groups = groups_of(card, measure)
    labels = {code: _group_label(words, base, *names) for code, names in groups.items()}
    table, cohort = groups[_box(words("choose.group"), "group", labels)]
    return base.of(measure, headline, table, cohort)


def replaced(words: Words, choice: Choice) -> str:
    """Return which choices of the address are not shown, since nobody published them; empty if all are."""
    shown = {
        "product": choice.product,
        "period": choice.release.period,
        "figure": figure_code(choice),
        "group": group_code(choice.table, choice.cohort),
    }
    lost = [words(f"choose.{name}") for name, code in shown.items() if st.query_params.get(name, code) != code]
    return words("choose.replaced", names=words.listed(lost)) if lost else ""


def address(choice: Mapping[str, str] | Sequence[tuple[str, str]] = ()) -> dict[str, str]:
    """Return the parameters of the present address with those of `choice` in their place."""
    kept = {name: value for name in PARAMETERS if 0 < len(value := st.query_params.get(name, "")) <= _MOST_LETTERS}
    return kept | dict(choice)


def named(name: str) -> str:
    """Return what the address says of one name; empty if nothing."""
    return st.query_params.get(name, "")


def grouping_box(words: Words, choice: Choice, label: str, table: str) -> None:
    """Offer the tables that group people; another one than the chosen group's shows all participants again."""
    tables = {name: table_name(words, choice, name) for name in choice.groupings}
    if len(tables) < 2:  # noqa: PLR2004 -- a box for a single option offers nothing
        return
    st.session_state["by"] = table
    st.selectbox(label, list(tables), format_func=tables.__getitem__, key="by", on_change=_keep_grouping)


def order_toggle(label: str, *, is_on: bool) -> None:
    """Offer groups in the order of their values; the plan's order is the default."""
    st.session_state["order"] = is_on
    st.toggle(label, key="order", on_change=_keep_order)


def _keep_order() -> None:
    if st.session_state["order"]:
        st.query_params["order"] = "value"
    else:
        st.query_params.pop("order", None)


def _keep_grouping() -> None:
    _keep("by")
    if "group" in st.query_params:
        st.query_params["group"] = EVERYONE


def period_label(words: Words, release: Release) -> str:
    """Return `16 to 22 November 2026`, with its revision where it has one."""
    days = words.days(release.first_day, release.last_day)
    return words("choose.revised", days=days, revision=release.revision) if release.revision else days


def _box(label: str, name: str, options: Mapping[str, str]) -> str:
    """Show a box where there is more than one option; return the one that the address names, else the first."""
    named = st.query_params.get(name, "")
    value: str = named if named in options else next(iter(options))
    if len(options) < 2:  # noqa: PLR2004 -- a box for a single option offers nothing
        return value
    st.session_state[name] = value
    st.selectbox(label, list(options), format_func=options.__getitem__, key=name, on_change=_keep, args=(name,))
    return value


def _keep(name: str) -> None:
    """Write what was just chosen into the address, before the page is drawn again."""
    st.query_params[name] = st.session_state[name]


def _figure_label(words: Words, card: Card, measure: str, headline: str) -> str:
    about = card.measures[measure]
    label = words.label(about.headlines[headline].label)
    if len(card.measures) == 1:
        return label
    return words("choose.of_measure", measure=words.label(about.label), figure=label)


def _group_label(words: Words, choice: Choice, table: str, cohort: str) -> str:
    label = cohort_label(words, choice, table, cohort)
    if table == EVERYONE:
        return label
    return words("choose.of_table", table=table_name(words, choice, table), group=label)
