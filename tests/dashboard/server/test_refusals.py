"""Which requests the dashboard answers: its own names, its own page, reading, and what the page itself uses."""

import pytest

from dashboard.server.refusals import Asked, refusal
from dashboard.server.settings import ServerSettings, read_settings
from dashboard.server.sign_in import SignIn

PUBLIC = "https://moods.example.org/moods"
OURS = read_settings({"MURMURATION_PUBLISHED": "published", "MURMURATION_PUBLIC_URL": PUBLIC})


def status(asked: Asked, settings: ServerSettings = OURS) -> int:
    """Return the status of the refusal, and 200 where the request is answered."""
    refused = refusal(asked, settings)
    return 200 if refused is None else refused.status


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        (("moods.example.org",), 200),
        (("MOODS.example.org:443",), 200),  # names have no case, and the port does not matter
        (("127.0.0.1:8655",), 200),  # nginx without `proxy_set_header Host`
        (("localhost:8501",), 200),
        (("[::1]:8501",), 200),
        (("moods.example.org.",), 200),  # the same name, written in full
        (("evil.example",), 421),  # a foreign name that leads here (DNS rebinding)
        (("moods.example.org.evil.example",), 421),
        (("evil.example@127.0.0.1",), 421),  # a name as a user's
        (("127.0.0.1/evil",), 421),
        (("127.0.0.1:port",), 421),
        (("",), 421),
        ((), 421),  # HTTP/1.0
        (("127.0.0.1", "evil.example"), 421),  # which of them a proxy looked at, nobody knows
    ],
)
def test_a_foreign_name_gets_no_answer(hosts: tuple[str, ...], expected: int) -> None:
    """The whole answer is refused, not the websocket alone."""
    assert status(Asked("/moods/", hosts)) == expected
    assert status(Asked("/moods/_stcore/stream", hosts, websocket=True)) == expected


@pytest.mark.parametrize(
    ("host", "origin", "expected"),
    [
        ("moods.example.org", "https://moods.example.org", 200),
        ("127.0.0.1:8655", "https://moods.example.org", 200),  # a proxy that does not pass on Host
        ("127.0.0.1:8655", "http://127.0.0.1:8655", 200),  # the page by its local address
        ("moods.example.org", "https://evil.example", 403),
        ("127.0.0.1:8655", "https://evil.example", 403),
        ("127.0.0.1:8655", "http://127.0.0.1:9999", 403),  # another program of this machine
        ("moods.example.org", "http://moods.example.org:8080", 403),  # another port is another origin
        ("moods.example.org", "null", 403),  # a page in a sandbox
        ("moods.example.org", "http://moods.example.org", 403),  # without TLS anybody in between can write that page
        ("moods.example.org", "http://[moods.example.org", 403),  # no address at all
        ("moods.example.org", None, 200),  # no browser
    ],
)
def test_a_websocket_opens_from_our_own_page_alone(host: str, origin: str | None, expected: int) -> None:
    """Another page in the same browser cannot use the reader's sign-in."""
    assert status(Asked("/moods/_stcore/stream", (host,), origin, websocket=True)) == expected


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_the_dashboard_can_only_be_read(method: str) -> None:
    """No upload, no call of an agent."""
    assert status(Asked("/moods/_stcore/upload_file/a/b", ("localhost",), method=method)) == 405


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", 200),
        ("/trends", 200),
        ("/static/js/index.js", 200),
        ("/media/1.csv", 200),
        ("/healthz", 200),
        ("/_stcore/health", 200),
        ("/_stcore/host-config", 200),
        ("/_stcore/metrics", 404),
        ("/_stcore/metrics/", 404),
        ("//_stcore//metrics", 404),
        ("/_stcore/agent/openapi.json", 404),
        ("/_stcore/agent/mcp", 404),
        ("/_stcore/upload_file/a/b", 404),
        ("/_stcore/script-health-check", 404),
        ("/_stcore/what-a-later-version-adds", 404),
        ("/auth/login", 404),  # nobody signs in here
        ("/oauth2callback", 404),
    ],
)
@pytest.mark.parametrize("base", ["", "/moods"])
def test_only_what_the_page_uses_is_open(path: str, expected: int, base: str) -> None:
    """Streamlit's own doors are closed by a list of the open ones, with and without a path before them."""
    assert status(Asked(f"{base}{path}", ("localhost",))) == expected


def test_the_doors_of_the_sign_in_are_open_where_people_sign_in() -> None:
    """And only there."""
    settings = ServerSettings(OURS.published, sign_in=SignIn(pages={}))
    assert {status(Asked(path, ("localhost",)), settings) for path in ("/auth/login", "/oauth2callback")} == {200}


def test_a_refusal_repeats_nothing_of_the_request() -> None:
    """What a stranger sends comes neither into the answer nor into a page."""
    for asked in (Asked("/<b>", ("evil.example",)), Asked("/_stcore/<b>", ("localhost",))):
        refused = refusal(asked, OURS)
        assert refused is not None
        assert not {"evil", "<b>"} & set(refused.sentence.split())
        assert "<b>" not in refused.sentence
