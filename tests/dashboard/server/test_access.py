"""Who may read which page, and for how long."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.server.access import PAGES, visible, visitor
from dashboard.server.settings import ServerSettings
from dashboard.server.sign_in import SignIn

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
ROLES = SignIn(
    claim="realm_access.roles",
    hours=8,
    pages={"planner": ("summary", "trends"), "clinician": ("patterns", "summary")},
)
OURS = ServerSettings(Path("published"), sign_in=ROLES)


def claims(roles: object, **others: object) -> dict[str, object]:
    """Return the claims of somebody who signed in an hour ago."""
    issued = (NOW - timedelta(hours=1)).timestamp()
    return {"is_logged_in": True, "iat": issued, "realm_access": {"roles": roles}, **others}


@pytest.mark.parametrize(
    ("who", "pages"),
    [
        ({}, ("privacy",)),  # nobody yet
        (claims(["planner"]), ("summary", "trends", "privacy")),
        (claims("planner"), ("summary", "trends", "privacy")),  # one role as a text
        (claims(["clinician", "planner"]), ("summary", "trends", "patterns", "privacy")),  # in the pages' order
        (claims(["visitor"]), ("privacy",)),  # a role that the settings do not name
        (claims([]), ("privacy",)),
        (claims(None), ("privacy",)),
        (claims({"planner": True}), ("privacy",)),  # no list
        (claims([["planner"], 1]), ("privacy",)),
        (claims(["planner"], is_logged_in=False), ("privacy",)),
        (claims(["planner"], is_logged_in="yes"), ("privacy",)),  # Streamlit says True or False
        (claims(["planner"], iat=None), ("privacy",)),  # no provider leaves it out
        (claims(["planner"], iat=True), ("privacy",)),
        (claims(["planner"], iat=(NOW - timedelta(hours=8)).timestamp()), ("privacy",)),  # too long ago
        (claims(["planner"], iat=(NOW + timedelta(hours=1)).timestamp()), ("privacy",)),  # no clock is so wrong
        (claims(["planner"], iat=(NOW + timedelta(minutes=1)).timestamp()), ("summary", "trends", "privacy")),
    ],
)
def test_a_visitor_reads_the_pages_of_their_roles(who: dict[str, object], pages: tuple[str, ...]) -> None:
    assert visitor(OURS, who, NOW).pages == pages


def test_without_a_sign_in_everybody_reads_everything() -> None:
    """And there is no button."""
    everybody = visitor(ServerSettings(Path("published")), {}, NOW)
    assert (everybody.pages, everybody.button) == (PAGES, "")


def test_the_button_follows_the_cookie_and_not_the_roles() -> None:
    """Whoever has a sign-in that is too old, or a foreign role, must be able to end it and sign in again."""
    assert visitor(OURS, {}, NOW).button == "sign_in"
    assert visitor(OURS, claims(["planner"]), NOW).button == "sign_out"
    assert visitor(OURS, claims(["visitor"], iat=0), NOW).button == "sign_out"


def test_a_claim_with_dots_in_its_name_is_found_by_its_whole_name() -> None:
    """Some providers name claims as addresses."""
    settings = ServerSettings(Path("published"), sign_in=SignIn(claim="https://example.org/roles", pages=ROLES.pages))
    who = {"is_logged_in": True, "https://example.org/roles": ["clinician"]}
    assert visible(("summary", "patterns", "trends"), settings, who) == ("summary", "patterns")
