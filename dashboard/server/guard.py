"""What goes round Streamlit's own server: every request passes here first, every answer last."""

import json

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.server.front import Front, Headers
from dashboard.server.headers import security_headers
from dashboard.server.refusals import Asked, inner_path, refusal
from dashboard.server.settings import ServerSettings

_POLICY_VIOLATION = 1008
"""The code with which a websocket is closed before it opens; the server answers 403."""

_HOST_CONFIG = {
    "allowedOrigins": [],
    "useExternalAuthToken": False,
    "enableCustomParentMessages": False,
    "enforceDownloadInNewTab": False,
    "metricsUrl": "",
    "blockErrorDialogs": False,
    "resourceCrossOriginMode": None,
}
"""No page may hold ours in a frame and send it messages; Streamlit's own answer lists its cloud's addresses."""


class Guard:
    """Refuses what the dashboard does not answer, and gives every answer the security headers."""

    def __init__(self, app: ASGIApp, settings: ServerSettings, front: Front) -> None:
        """Go round `app`; files that `front` has come from memory."""
        self._app = app
        self._front = front
        self._settings = settings
        self._headers = security_headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or pass on one request."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        asked = _asked(scope)
        refused = refusal(asked, self._settings)
        if asked.websocket:
            if refused is None:
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return
        guarded = self._guarded(send)
        if refused is not None:
            await _answer(guarded, refused.status, "text/plain; charset=utf-8", f"{refused.sentence}\n")
        elif self._settings.base_path and asked.path == self._settings.base_path:
            # Without its slash at the end, a browser looks for the page's own files one folder too high.
            query = b"?" + scope["query_string"] if scope.get("query_string") else b""
            place = self._settings.base_path.encode() + b"/" + query
            await _send(guarded, 308, [(b"location", place), (b"content-length", b"0")], b"")
        elif inner_path(asked.path, self._settings) == "/_stcore/host-config":
            await _answer(guarded, 200, "application/json", json.dumps(_HOST_CONFIG))
        elif (kept := self._front.answer(_below(asked.path, self._settings), _accepted(scope))) is not None:
            await _send(guarded, 200, kept[0], b"" if asked.method == "HEAD" else kept[1])
        else:
            await self._app(scope, receive, guarded)

    def _guarded(self, send: Send) -> Send:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in self._headers}
                headers = [(name, value) for name, value in message["headers"] if name.lower() not in ours]
                if self._settings.secure:
                    headers = [(name, _secure(name, value)) for name, value in headers]
                message = {**message, "headers": [*headers, *self._headers]}
            await send(message)

        return guarded


def _asked(scope: Scope) -> Asked:
    headers = [(name.lower(), value.decode("latin-1")) for name, value in scope["headers"]]
    return Asked(
        path=scope["path"],
        hosts=tuple(value for name, value in headers if name == b"host"),
        origin=next((value for name, value in headers if name == b"origin"), None),
        method=scope.get("method", "GET"),
        websocket=scope["type"] == "websocket",
    )


def _secure(name: bytes, value: bytes) -> bytes:
    """Return a header; a cookie only goes over TLS (Streamlit leaves that to whoever knows of a proxy)."""
    if name.lower() != b"set-cookie" or b"; secure" in value.lower():
        return value
    return value + b"; Secure"


async def _answer(send: Send, status: int, kind: str, text: str) -> None:
    body = text.encode()
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await _send(send, status, headers, body)


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _below(path: str, settings: ServerSettings) -> str:
    """Return a path without the one under which everything is served; slashes too many are left to Streamlit."""
    return path.removeprefix(settings.base_path)


def _accepted(scope: Scope) -> str:
    return ",".join(value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"accept-encoding")
