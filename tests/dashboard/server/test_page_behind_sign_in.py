"""The page where people sign in: who has no role sees no figure, and finds help all the same."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import app
from dashboard.texts.words import Words
from tests.support.paging import text
from tests.support.published_fake import Service, publish_fake

FILE = """
[provider]
server_metadata_url = "https://login.example.org/.well-known/openid-configuration"
client_id = "murmuration"
client_secret = "secret"
cookie_secret = "signs-cookies-and-is-32-signs-long"

[roles.pages]
planner = ["summary"]
"""


@pytest.mark.parametrize("asked", [True, False])
def test_a_stranger_sees_figures_only_where_nobody_signs_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, asked: bool
) -> None:
    """The same page with and without a sign-in: a button instead of figures, and help in both."""
    monkeypatch.setenv(app.FOLDER_VARIABLE, str(publish_fake(tmp_path / "published", Service(weeks=4))))
    if asked:
        (tmp_path / "sign-in.toml").write_text(FILE)
        monkeypatch.setenv("MURMURATION_SIGN_IN", str(tmp_path / "sign-in.toml"))
    page = AppTest.from_file(app.__file__, default_timeout=20).run()
    assert not page.exception
    assert [button.label for button in page.button if button.label.startswith("Sign")] == ["Sign in"] * asked
    figures = any('class="mm-card"' in block.proto.body for block in page.get("html"))
    assert figures is not asked
    assert (Words("en")("frame.sign_in_for_figures") in text(page)) is asked
    assert Words("en")("privacy.heading.leave") in text(page) or not asked  # what nobody has to sign in for
    assert not page.markdown  # no comment of the script is on the page
    assert Words("en")("frame.help") in text(page)
