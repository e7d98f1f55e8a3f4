"""What `st.App` is given beside the page's script: the guard, `/healthz`, words for errors, sign-in, a warm start."""

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TypedDict

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from streamlit.runtime.secrets import SecretsValue
from streamlit.starlette import App

from dashboard.server.failures import failure_shown, quiet_log
from dashboard.server.front import Front
from dashboard.server.guard import Guard
from dashboard.server.settings import ServerSettings
from dashboard.server.sign_in import provider_secrets
from dashboard.server.warming import warmed


class Surroundings(TypedDict):
    """The arguments of `st.App`."""

    routes: list[Route]
    middleware: list[Middleware]
    on_script_error: Callable[[Exception], bool]
    secrets: Mapping[str, SecretsValue]
    lifespan: Callable[[App], AbstractAsyncContextManager[None]]


def surroundings(settings: ServerSettings) -> Surroundings:
    """Return what goes round a page's script: `app = st.App(script, **surroundings(settings))`.

    Raises:
        ContractRefusedError: if the provider's file has changed and has a mistake in it.
    """
    quiet_log()
    file = settings.sign_in_file
    front = Front()
    return {
        "routes": [Route(path, _health(settings)) for path in sorted({"/healthz", f"{settings.base_path}/healthz"})],
        "middleware": [Middleware(Guard, settings=settings, front=front)],
        "on_script_error": failure_shown(settings.language),
        "secrets": {} if file is None else provider_secrets(file, settings.public_url),
        "lifespan": warmed(front, settings.published),
    }


def _health(settings: ServerSettings) -> Callable[[Request], PlainTextResponse]:
    """Return what answers whether the page can be served: 200, or 503 where its folder cannot be read."""

    def answer(_request: Request) -> PlainTextResponse:
        if settings.published.is_dir() and os.access(settings.published, os.R_OK | os.X_OK):
            return PlainTextResponse("ok\n", headers={"cache-control": "no-store"})
        return PlainTextResponse("The published folder cannot be read.\n", 503, {"cache-control": "no-store"})

    return answer
