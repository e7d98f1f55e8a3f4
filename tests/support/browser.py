"""A real Chromium for tests, and all that it asks for while it looks at a page."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = (
    "--no-sandbox",  # the tests may run as root, where Chromium has no sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

HOW = "Chromium is not on the path. Install it, as .ci/run does: apt-get update && apt-get install chromium"


@contextmanager
def chromium_browser(folder: Path) -> Iterator[Browser]:
    """Start Chromium, with its profiles in `folder`, and end it.

    A test fails where there is none, because skipped it would prove nothing.

    Playwright leaves an event loop in the thread while it runs, and other modules' tests start loops of their own: so
    `chromium` in conftest.py gives each module that asks for it a browser, and not the whole session.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail(HOW)
    folder.mkdir(exist_ok=True)
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TMPDIR", str(folder))
            playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watched:
    """A page, with what it asked for and what it wrote to the console since it was opened."""

    page: Page
    requests: list[str] = field(default_factory=list)
    """Addresses of all requests and websockets, also of those that the policy stopped."""
    console: list[str] = field(default_factory=list)

    @property
    def origins(self) -> set[str]:
        """Where the requests went, as `127.0.0.1:8501`; data and blobs are inside the page."""
        return {urlsplit(url).netloc for url in self.requests if urlsplit(url).scheme not in {"data", "blob"}}


@contextmanager
def watched(browser: Browser, width: int = 1280, height: int = 800) -> Iterator[Watched]:
    """Open an empty page in a profile of its own, and watch it from its first request on."""
    context = browser.new_context(viewport={"width": width, "height": height})
    try:
        result = Watched(context.new_page())
        context.on("request", lambda request: result.requests.append(request.url))
        result.page.on("websocket", lambda socket: result.requests.append(socket.url))
        result.page.on("console", lambda message: result.console.append(message.text))
        result.page.on("pageerror", lambda error: result.console.append(str(error)))
        yield result
    finally:
        context.close()
