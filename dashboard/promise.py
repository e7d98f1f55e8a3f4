"""The parts of the page that do not change with a figure: the promise, its limits, help, and the downloads."""

import os

import streamlit as st

from analytics.trends.publication.published import Published
from analytics.wording import HELP_LINE, days, listed, rounded_up
from dashboard import notes, words
from dashboard.figures import Choice, trend_rows

HELP_VARIABLE = "MURMURATION_HELP_LINE"
"""The service's own line, which `murmuration dashboard` takes from service.yaml."""
_SHORT = 12
"""How many characters of a hash a reader needs."""


def promise_panel(choice: Choice) -> None:
    """Show what each participant is promised, how much of it is spent, and what is withheld for it."""
    card = choice.card
    promise, loss = card.promise, card.loss
    st.header("What each participant is promised", anchor=False)
    st.markdown(f"**{promise.words}**")
    spent, cap = loss.rho_so_far, promise.rho_cap
    share = min(max(spent / cap, 0.0), 1.0)
    text = f"Spent for {loss.year}: rho {_loss(spent)} of at most {_loss(cap)}"
    st.progress(share, text=f"{text} ({rounded_up(100 * share, 0)}%)")
    so_far = f"epsilon {words.epsilons(loss.epsilon_so_far)}"
    lines = (
        f"Who is protected: {promise.unit}.",
        f"For how long: {promise.horizon}.",
        f"At most, in that time: epsilon {words.epsilons(promise.epsilon)}.",
        *_by_zcdp_alone(choice),
        f"Spent for {loss.year}, up to this release: {so_far}. This release alone: rho {_loss(loss.rho)}.",
        f"How: {loss.mechanism}. {notes.NOISE}",
        f"What is withheld: any group with fewer noisy people than this: {_floors(choice)}. {notes.FLOORS}",
    )
    st.markdown("\n".join(f"- {line}" for line in lines))


def can_panel() -> None:
    """Show what this page can say, and what it cannot."""
    st.header("What this page can and cannot tell you", anchor=False)
    can, cannot = st.columns(2)
    can.subheader("It can tell you", anchor=False)
    can.markdown("\n".join(f"- {line}" for line in notes.CAN))
    cannot.subheader("It cannot tell you", anchor=False)
    cannot.markdown("\n".join(f"- {line}" for line in notes.CANNOT))


def help_panel() -> None:
    """Say that nobody is meant, and where help is: at the foot of every page, whatever its state."""
    st.info(f"{notes.NOT_ABOUT_YOU}\n\n{help_line()}")


def help_line() -> str:
    """Return where a person finds help at once, in the service's own words (`help_line` in service.yaml)."""
    return os.environ.get(HELP_VARIABLE, "").strip() or HELP_LINE


def download_panel(published: Published, choice: Choice, table: str, cohort: str) -> None:
    """Offer the release and the trend shown as CSV, with what to cite."""
    release, plan = choice.release, choice.card.plan
    st.header("Download and cite", anchor=False)
    stem = release.name.replace("/", "-")
    left, right = st.columns(2)
    left.download_button(
        f"All figures of this period (CSV, {release.period})",
        published.csv(release),
        f"{stem}.csv",
        "text/csv",
        key="csv-release",
    )
    right.download_button(
        "The trend shown above (CSV)",
        trend_rows(published, choice, table, cohort).write_csv(),
        f"{release.product}-{table}-{cohort.replace('/', '-')}-{choice.headline}.csv",
        "text/csv",
        key="csv-trend",
    )
    st.markdown(
        f"- Release: `{release.name}`\n"
        f"- Plan: {plan.name}, version {plan.policy_version}, fingerprint `{plan.fingerprint[:_SHORT]}`\n"
        f"- Ledger head: {published.head_sequence}, `{published.head_hash[:_SHORT]}`\n"
    )
    st.markdown(
        f"Cite as: Murmuration, {choice.card.product.label}, {release.period} revision {release.revision} "
        f"({days(release.first_day, release.last_day)}), manifest {release.manifest_sha256[:_SHORT]}; "
        "people who chose to log, figures with noise."
    )


def _floors(choice: Choice) -> str:
    tables = choice.card.measures[choice.measure].tables
    return listed([f"{label} {rounded_up(tables[table].people_floor, 0)}" for table, label in choice.tables.items()])


def _by_zcdp_alone(choice: Choice) -> tuple[str, ...]:
    """Return the odds without the noise's law; a card of an older program lacks them."""
    result = [
        f"{each.recognised_in_100_by_zcdp_alone} in 100 after {each.years} year{'s' * (each.years > 1)}"
        for each in choice.card.promise.odds
        if each.recognised_in_100_by_zcdp_alone is not None
    ]
    if not result:
        return ()
    alone = f"From the bound on rho alone: {listed(result)}."
    return (f"The odds above use the fact that the noise is Gaussian. {alone}",)


def _loss(rho: float) -> str:
    return rounded_up(rho, 4)
