"""The options of `murmuration dashboard`: where it listens, where browsers find it, and what its process is given."""

import sys
from pathlib import Path

import pytest

from analytics.errors import UsageError
from dashboard.server.settings import ServerSettings, read_settings
from pipelines import dashboard_server
from pipelines.cli import COMMANDS
from pipelines.command_line import parse
from pipelines.dashboard_server import Serving, serving
from pipelines.settings import Settings, page_environment


def asked(folder: Path, *words: str) -> Serving:
    """Return what these arguments ask for."""
    return serving(parse(["dashboard", *words], COMMANDS), Settings.read().at(folder / "home"))


@pytest.mark.parametrize(
    ("words", "address", "public_url"),
    [
        ([], "127.0.0.1", "http://127.0.0.1:8501"),
        (["--port", "8600", "--base-path", "/moods/"], "127.0.0.1", "http://127.0.0.1:8600/moods"),
        (["--base-path", "public/moods"], "127.0.0.1", "http://127.0.0.1:8501/public/moods"),
        (["--address", "192.168.1.5"], "192.168.1.5", "http://192.168.1.5:8501"),
        (["--address", "::1"], "::1", "http://[::1]:8501"),
        (["--public-url", "https://Example.org/moods/"], "127.0.0.1", "https://example.org/moods"),
        (["--address", "0.0.0.0", "--public-url", "http://moods:8080"], "0.0.0.0", "http://moods:8080"),  # noqa: S104
        (["--public-url", "https://a.org/x", "--base-path", "x"], "127.0.0.1", "https://a.org/x"),
    ],
)
def test_the_public_address_follows_from_the_options(
    tmp_path: Path, words: list[str], address: str, public_url: str
) -> None:
    """As the operator names it, else where it listens; the path is part of it."""
    result = asked(tmp_path, *words)
    assert (result.address, result.public_url) == (address, public_url)


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["--address", "everywhere"], "--address"),
        (["--address", "0.0.0.0"], "--public-url"),  # noqa: S104 -- it cannot know under which name it is read
        (["--address", "::"], "--public-url"),
        (["--public-url", "example.org/moods"], "--public-url"),
        (["--public-url", "ftp://example.org"], "--public-url"),
        (["--public-url", "https://user:word@example.org"], "--public-url"),
        (["--public-url", "https://example.org/?a=1"], "--public-url"),
        (["--public-url", "https://example.org:port"], "--public-url"),
        (["--public-url", "https://example.org/a", "--base-path", "b"], "--base-path"),
        (["--base-path", "a b"], "--base-path"),
        (["--base-path", "../secret"], "--base-path"),
        (["--published", "nowhere"], "--published"),
        (["--sign-in", "nowhere.toml"], "--sign-in"),
        (["--language", "fr"], "--language"),
    ],
)
def test_options_that_make_no_sense_are_refused_by_name(tmp_path: Path, words: list[str], option: str) -> None:
    """Before anything is served."""
    with pytest.raises(UsageError) as refused:
        asked(tmp_path, *words)
    assert option in f"{refused.value.message} {refused.value.action}"


def test_what_the_command_sets_is_what_the_server_reads(tmp_path: Path) -> None:
    """One side writes the variables, the other side reads them; and Streamlit's options say the same."""
    (tmp_path / "copy").mkdir()
    words = ("--published", str(tmp_path / "copy"), "--address", "10.0.0.5", "--public-url", "https://example.org/m")
    result = asked(tmp_path, *words, "--language", "de")
    read = read_settings(dashboard_server._own(result, "empty"))
    assert read == ServerSettings(
        tmp_path / "copy",
        language="de",
        public_url="https://example.org/m",
        allowed_hosts=frozenset({"example.org", "10.0.0.5", "localhost", "127.0.0.1", "::1"}),
    )
    command = dashboard_server._command(result)
    options = [(command[at], command[at + 1]) for at in range(len(command) - 1) if command[at].startswith("--")]
    assert {value for name, value in options if name == "--server.allowedHosts"} == read.allowed_hosts
    assert dict(options) | {
        "--server.baseUrlPath": "/m",
        "--browser.serverAddress": "example.org",
        "--browser.serverPort": "443",
        "--server.corsAllowedOrigins": "https://example.org",
        "--server.address": "10.0.0.5",
        "--client.showErrorDetails": "none",
    } == dict(options)


def test_a_copy_is_served_without_a_look_at_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user who serves it may not read the home; the help line then comes by its variable."""
    (tmp_path / "copy").mkdir()
    monkeypatch.setenv("MURMURATION_HELP_LINE", "Call 0800 000 000.")
    monkeypatch.setattr(dashboard_server, "help_line", lambda _home: pytest.fail("the home was looked at"))
    result = asked(tmp_path, "--published", str(tmp_path / "copy"))
    assert (result.published, result.help_line) == (tmp_path / "copy", "Call 0800 000 000.")


SHELL = {
    "PATH": "/bin",
    "TZ": "Europe/Berlin",
    "POLARS_MAX_THREADS": "1",
    "PYTHONPATH": "here",
    "PYTHONSTARTUP": "planted",
    "HOME": "planted",
    "MURMURATION_HOME": "planted",
    "PREFECT_API_KEY": "planted",
    "STREAMLIT_SERVER_ENABLE_CORS": "planted",
    "AWS_SECRET_ACCESS_KEY": "planted",
    "SSLKEYLOGFILE": "planted",  # would write the keys of every connection to the provider
    "https_proxy": "http://proxy.example",
    "NO_PROXY": "localhost",
    "SSL_CERT_FILE": "own.pem",
}


def test_the_page_s_process_is_given_what_is_listed() -> None:
    """A list of what may come in, because nobody can list all that may not."""
    given = page_environment(SHELL, sign_in=False)
    assert given == {
        "PATH": "/bin",
        "TZ": "Europe/Berlin",
        "POLARS_MAX_THREADS": "1",
        "PYTHONPATH": "here",
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
        "DO_NOT_TRACK": "1",
    }


def test_with_a_sign_in_it_reaches_the_provider() -> None:
    """By the network's proxies and certificates, and with nothing else besides."""
    more = page_environment(SHELL, sign_in=True).keys() - page_environment(SHELL, sign_in=False).keys()
    assert more == {"https_proxy", "NO_PROXY", "SSL_CERT_FILE"}


def test_no_secret_is_on_the_command_line_of_the_page(tmp_path: Path) -> None:
    """Anyone on the machine can read that: it names the file, which they cannot."""
    file = tmp_path / "sign-in.toml"
    file.write_text("client_secret = 'planted'")
    result = asked(tmp_path, "--sign-in", str(file))
    assert dashboard_server._command(result)[0] == sys.executable
    assert "planted" not in str([dashboard_server._command(result), dashboard_server._own(result, "empty")])
    assert dashboard_server._own(result, "empty")["MURMURATION_SIGN_IN"] == str(file)
