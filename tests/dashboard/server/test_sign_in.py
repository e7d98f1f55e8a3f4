"""Sign-in by OpenID Connect, end to end: a real provider on this machine, the real server, a real browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.server.access import PAGES
from pipelines.dashboard_server import Serving
from tests.support import role_pages
from tests.support.browser import Watched, watched
from tests.support.serving import Served, ask, free_port, provider, streamlit

CLIENT_SECRET = "the-client-s-own-secret"  # noqa: S105 -- looked for in the log
COOKIE_SECRET = "signs-cookies-and-is-32-signs-long"  # noqa: S105 -- as above
SCRIPT = Path(role_pages.__file__).with_name("role_server.py")

FILE = """
[provider]
server_metadata_url = "http://localhost:{port}/.well-known/openid-configuration"
client_id = "murmuration"
client_secret = "{client}"
cookie_secret = "{cookie}"

[roles]
claim = "roles"

[roles.pages]
planner = ["summary", "trends", "groups"]
clinician = ["patterns", "methods"]
"""

USERS = {
    "pat": {"roles": ["planner"]},
    "kim": {"roles": ["clinician", "choir"]},
    "sam": {"roles": ["choir"]},  # a role of another service
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the pages under /moods, with a provider that knows the users."""
    folder = tmp_path_factory.mktemp("signed-in")
    with provider(folder, USERS) as provider_port:
        file, port = folder / "sign-in.toml", free_port()
        file.write_text(FILE.format(port=provider_port, client=CLIENT_SECRET, cookie=COOKIE_SECRET))
        serving = Serving(folder, port, f"http://127.0.0.1:{port}/moods", sign_in=file)
        with streamlit(folder, SCRIPT, serving) as result:
            yield result


def listed(page: Page) -> list[str]:
    """Return the pages that the navigation lists; Streamlit lists none where there is one alone."""
    expect(page.get_by_role("heading", name=re.compile("This is "))).to_be_visible(timeout=30_000)
    return page.get_by_test_id("stSidebarNavLink").all_inner_texts()


@contextmanager
def signed_in(chromium: Browser, served: Served, user: str) -> Iterator[Watched]:
    """Sign a user in with a browser of their own."""
    with watched(chromium) as seen:
        seen.page.goto(f"{served.url}/")
        seen.page.get_by_role("button", name="sign_in").click(timeout=30_000)
        seen.page.get_by_role("button", name=user).click(timeout=30_000)
        expect(seen.page.get_by_role("button", name="sign_out")).to_be_visible(timeout=30_000)
        yield seen


def test_who_is_not_signed_in_reads_privacy_and_nothing_else(chromium: Browser, served: Served) -> None:
    """Not even by the address of a page."""
    with watched(chromium) as seen:
        seen.page.goto(f"{served.url}/")
        assert listed(seen.page) == []
        expect(seen.page.get_by_role("heading", name="This is privacy")).to_be_visible()
        seen.page.goto(f"{served.url}/summary")
        expect(seen.page.get_by_role("button", name="sign_in")).to_be_visible(timeout=30_000)
        assert seen.page.get_by_text("This is summary").count() == 0


def test_a_role_reads_its_own_pages_and_signs_out_again(chromium: Browser, served: Served) -> None:
    """A planner's pages are there, also after a reload; a clinician's are not; after signing out none are."""
    with signed_in(chromium, served, "pat") as seen:
        own = ["summary", "trends", "groups", "privacy"]
        assert listed(seen.page) == own
        seen.page.reload()
        assert listed(seen.page) == own
        seen.page.goto(f"{served.url}/patterns")
        expect(seen.page.get_by_role("button", name="sign_out")).to_be_visible(timeout=30_000)
        assert seen.page.get_by_text("This is patterns").count() == 0
        cookies = {cookie["name"]: cookie for cookie in seen.page.context.cookies()}
        assert cookies["_streamlit_user"]["httpOnly"]
        assert cookies["_streamlit_user"]["path"] == "/moods"
        seen.page.keyboard.press("Escape")
        seen.page.get_by_role("button", name="sign_out").click()
        seen.page.get_by_role(
            "button", name=re.compile("end|sign out|log ?out|confirm|yes", re.IGNORECASE)
        ).first.click()
        expect(seen.page.get_by_role("button", name="sign_in")).to_be_visible(timeout=30_000)
        assert listed(seen.page) == []
        assert "_streamlit_user" not in {cookie["name"] for cookie in seen.page.context.cookies()}


def test_a_foreign_role_reads_privacy_alone(chromium: Browser, served: Served) -> None:
    """Who has signed in, and has no role that the settings name, is no further than before."""
    with signed_in(chromium, served, "sam") as seen:
        assert listed(seen.page) == []
        expect(seen.page.get_by_role("heading", name="This is privacy")).to_be_visible()


def test_a_forged_cookie_is_no_sign_in(chromium: Browser, served: Served) -> None:
    """The cookie is signed; who writes one of their own reads privacy alone."""
    forged = '{"is_logged_in":true,"roles":["planner"],"iat":9999999999,"origin":"http://127.0.0.1"}'
    with watched(chromium) as seen:
        seen.page.context.add_cookies([{"name": "_streamlit_user", "value": forged, "url": served.url}])
        seen.page.goto(f"{served.url}/")
        assert listed(seen.page) == []
        expect(seen.page.get_by_role("button", name="sign_in")).to_be_visible()


def test_an_error_of_a_page_comes_neither_to_the_browser_nor_with_its_text_into_the_log(
    chromium: Browser, served: Served
) -> None:
    """A reader sees our own sentence; the log has the kind of the error and where it came from."""
    with signed_in(chromium, served, "kim") as seen:
        assert listed(seen.page) == ["patterns", "privacy", "methods"]
        seen.page.goto(f"{served.url}/{role_pages.FAILING}")
        expect(seen.page.get_by_text("Something went wrong")).to_be_visible(timeout=30_000)
        text = f"{seen.page.content()}{seen.console}"
        assert role_pages.SECRET not in text
        assert "ValueError" not in text
        assert "Traceback" not in text
    log = served.log.read_text()
    assert "ValueError" in log
    assert "role_pages.py" in log
    assert role_pages.SECRET not in log


def test_no_secret_of_the_provider_is_logged_or_answered(served: Served) -> None:
    """After all sign-ins above; and the file itself is behind no address."""
    assert ask(served.port, "/moods/sign-in.toml").text.count(CLIENT_SECRET) == 0
    log = served.log.read_text()
    assert CLIENT_SECRET not in log
    assert COOKIE_SECRET not in log


def test_every_page_has_a_place_in_the_settings() -> None:
    """The names here are the ones that operators write."""
    assert {"summary", "trends", "groups", "patterns", "methods", "privacy"} < set(PAGES)
