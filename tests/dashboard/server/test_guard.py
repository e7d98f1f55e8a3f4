"""The guard alone, round an application that only notes that it was asked."""

import asyncio
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from dashboard.server.front import Front
from dashboard.server.guard import Guard
from dashboard.server.settings import ServerSettings

OURS = ServerSettings(
    Path("published"),
    public_url="https://moods.example.org",
    allowed_hosts=frozenset({"moods.example.org", "localhost"}),
)


def passed(kind: str, path: str, host: str, origin: str) -> tuple[bool, list[Message]]:
    """Return whether the application was asked, and what the guard itself answered."""
    asked: list[Scope] = []
    sent: list[Message] = []

    async def application(scope: Scope, _receive: Receive, _send: Send) -> None:
        asked.append(scope)

    async def receive() -> Message:
        return {"type": f"{kind}.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "path": path,
        "headers": [(b"host", host.encode()), (b"origin", origin.encode())],
        "method": "GET",
    }
    asyncio.run(Guard(application, OURS, Front())(scope, receive, send))
    return bool(asked), sent


@pytest.mark.parametrize(
    ("host", "origin", "answered"),
    [
        ("moods.example.org", "https://moods.example.org", True),
        ("moods.example.org", "https://evil.example", False),
        ("evil.example", "https://evil.example", False),
    ],
)
def test_a_foreign_websocket_never_comes_to_streamlit(host: str, origin: str, *, answered: bool) -> None:
    """Streamlit would ask the internet for this machine's own address before it refuses."""
    asked, sent = passed("websocket", "/_stcore/stream", host, origin)
    assert asked is answered
    assert sent == ([] if answered else [{"type": "websocket.close", "code": 1008}])


def test_what_is_refused_or_answered_by_the_guard_never_comes_to_streamlit() -> None:
    """Neither a closed door nor the configuration for pages that would hold ours in a frame."""
    for path, status in (("/_stcore/metrics", 404), ("/_stcore/host-config", 200), ("/", 200)):
        asked, sent = passed("http", path, "localhost", "null")
        assert (asked, sent[0]["status"]) == (False, status)
    assert passed("http", "/_stcore/health", "localhost", "null") == (True, [])


def test_the_start_and_end_of_the_server_are_none_of_the_guard_s() -> None:
    """What is no request passes."""
    assert passed("lifespan", "", "", "") == (True, [])
