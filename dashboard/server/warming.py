"""What the server does before anybody asks: else the first reader waits two seconds for it."""

import importlib
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from threading import Thread

from streamlit.starlette import App

from analytics.errors import MurmurationError
from analytics.trends.publication.published import Published
from dashboard.reading.choices import choice_of
from dashboard.reading.findings import signals
from dashboard.reading.modelled import modelled_one, past
from dashboard.server.front import Front

PAGES = "dashboard.app"
"""The module that imports every page."""


def warmed(front: Front, folder: Path) -> Callable[[App], AbstractAsyncContextManager[None]]:
    """Return what `st.App(lifespan=...)` enters: it warms up beside the server, which answers meanwhile."""

    @asynccontextmanager
    async def lifespan(_app: App) -> AsyncGenerator[None, None]:
        Thread(target=warm, args=(front, folder), name="warming", daemon=True).start()
        yield

    return lifespan


def warm(front: Front, folder: Path) -> None:
    """Import the pages, read the newest release of each series, and the front end's files."""
    importlib.import_module(PAGES)
    with suppress(MurmurationError):  # each page says itself what is damaged
        published = Published.open(folder)
        for product in published.products:
            choice = choice_of(published, product, "", "", "")
            signals(published, choice)
            modelled_one(published, choice)
            past(published, choice)
    front.warm()
