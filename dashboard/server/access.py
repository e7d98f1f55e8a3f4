"""Which pages a visitor may read, from the settings and the claims of their sign-in. Knows no Streamlit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from dashboard.server.settings import ServerSettings
from dashboard.server.sign_in import Page, SignIn

PAGES: tuple[str, ...] = get_args(Page)
"""All pages, in the order in which they are listed."""

FOR_EVERYBODY = frozenset({"privacy"})
"""What nobody has to sign in for: how to leave, and what is promised."""

_CLOCKS = timedelta(minutes=5)
"""By how much the provider's clock may be ahead of ours."""


@dataclass(frozen=True)
class Visitor:
    """What the frame needs to know of the person who looks at a page."""

    pages: tuple[str, ...]
    """The pages that they may read; a page that is not here must not be given to `st.navigation`."""
    button: Literal["", "sign_in", "sign_out"]
    """The button that they need: none, or one that calls `st.login` or `st.logout`."""


def visitor(settings: ServerSettings, claims: Mapping[str, object], now: datetime) -> Visitor:
    """Return what a visitor with these claims (`st.user.to_dict()`) may read and do at `now`."""
    if settings.sign_in is None:
        return Visitor(PAGES, "")
    lasts = _in_force(settings.sign_in, claims, now)
    return Visitor(
        visible(PAGES, settings, claims if lasts else {}),
        "sign_out" if claims.get("is_logged_in") is True else "sign_in",
    )


def visible(pages: Iterable[str], settings: ServerSettings, claims: Mapping[str, object]) -> tuple[str, ...]:
    """Return those of `pages` that the roles in `claims` may read, in their order.

    A visitor who is not signed in, or has no role that the settings name, reads the pages for everybody alone.
    """
    if settings.sign_in is None:
        return tuple(pages)
    allowed = set(FOR_EVERYBODY)
    if claims.get("is_logged_in") is True:
        for role in _roles(settings.sign_in.claim, claims):
            allowed |= set(settings.sign_in.pages.get(role, ()))
    return tuple(page for page in pages if page in allowed)


def _in_force(sign_in: SignIn, claims: Mapping[str, object], now: datetime) -> bool:
    """Say whether the identity token is no older than a sign-in lasts; Streamlit's cookie would last for 30 days."""
    issued = claims.get("iat")
    if not isinstance(issued, int | float):
        return False
    age = now.timestamp() - issued
    return -_CLOCKS.total_seconds() <= age < timedelta(hours=sign_in.hours).total_seconds()


def _roles(claim: str, claims: Mapping[str, object]) -> frozenset[str]:
    """Return the roles of a claim: one text, or the texts of a list. A name with dots may also be a path."""
    found = claims.get(claim)
    if found is None:
        inside: object = claims
        for part in claim.split("."):
            inside = inside.get(part) if isinstance(inside, Mapping) else None
        found = inside
    values = found if isinstance(found, list | tuple) else [found]
    return frozenset(value for value in values if isinstance(value, str))
