"""Opening the dashboard's pages without a browser, and reading what they say."""

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import app
from dashboard.screens import frame

_TAGS = re.compile(r"<[^>]+>")


def open_page(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str = "summary", **address: str) -> AppTest:
    """Return a page as it is drawn for an address: `open_page(…, "trends", group="region.north")`."""
    monkeypatch.setenv(app.FOLDER_VARIABLE, str(folder))
    # Pages are functions, and `AppTest.switch_page` takes files only.
    monkeypatch.setattr(frame, "FIRST", name)
    page = AppTest.from_file(app.__file__, default_timeout=20)
    for parameter, value in address.items():
        page.query_params[parameter] = value
    page.run()
    assert not page.exception
    return page


def text(page: AppTest) -> str:
    """Return everything that a page says, without its marks."""
    blocks = [str(block.proto.body) for block in page.get("html")]
    said = [unescape(_TAGS.sub("\n", block)) for block in blocks if not block.lstrip().startswith("<style>")]
    said += [str(part.value) for part in (*page.markdown, *page.info, *page.warning, *page.error)]
    said += [f"{metric.label} {metric.value} {metric.delta}" for metric in page.metric]
    return "\n".join(said)


def alternatives(page: AppTest) -> list[str]:
    """Return what its charts say to people who do not see them."""
    return [chart.proto.alt for chart in page.get("vega_lite_chart")]
