"""`murmuration dashboard` as a whole: a bare copy of published files under a path, in a real server and browser."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser

from tests.support.browser import watched
from tests.support.published_fake import Service, publish_fake
from tests.support.serving import COMMAND, Served, ask, dashboard, free_port, handshake

PLANTED = {
    "STREAMLIT_SERVER_ENABLE_CORS": "false",  # a setting that would open the page to others
    "STREAMLIT_SERVER_ENABLE_AGENT_API": "true",
    "DATABASE_PASSWORD": "planted-password",
    "MURMURATION_HOME": "planted-home",
    "PREFECT_API_KEY": "planted-key",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "MURMURATION_HELP_LINE": "Call 0800 000 000, day and night.",
}
"""What an operator's shell may hold; the help line is for the page, and nothing else."""


@dataclass(frozen=True)
class Behind:
    """A dashboard behind an invented proxy."""

    served: Served
    published: Path


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    """Serve a copy of published files under /moods, from a folder with a module and a setting that must not come in."""
    folder = tmp_path_factory.mktemp("behind")
    published = publish_fake(folder / "published", Service(weeks=4))
    (folder / "timeit.py").write_text("raise SystemExit('a module of the working folder came in')\n")
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "config.toml").write_text("[server]\nenableAgentApi = true\n")
    words = ("--published", str(published), "--public-url", "https://moods.example.org/moods/")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with dashboard(folder, *words, environment={**os.environ, **PLANTED}) as served:
            yield Behind(served, published)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the same for this machine alone."""
    folder = tmp_path_factory.mktemp("plain")
    published = publish_fake(folder / "published", Service(weeks=4))
    with dashboard(folder, "--published", str(published), "--base-path", "moods") as served:
        yield served


def test_the_address_that_is_announced_is_the_public_one(behind: Behind, plain: Served) -> None:
    """With the path, and as the operator names it."""
    assert behind.served.url == "https://moods.example.org/moods"
    assert plain.url == f"http://127.0.0.1:{plain.port}/moods"


def test_every_answer_has_the_security_headers(behind: Behind) -> None:
    """Pages, files, refusals and what is not there."""
    for path, host in (("/moods/", "127.0.0.1"), ("/moods/favicon.png", "127.0.0.1"), ("/moods/", "evil.example")):
        headers = ask(behind.served.port, path, Host=host).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "connect-src 'self' wss://moods.example.org;" in policy
        assert "'unsafe-inline'" not in policy.split("style-src")[0]  # no inline script but those with a hash
        assert (headers["x-frame-options"], headers["x-content-type-options"]) == ("DENY", "nosniff")
        assert headers["referrer-policy"] == "no-referrer"


def test_a_foreign_host_gets_no_byte_of_the_page(behind: Behind) -> None:
    """The page, its scripts and its websocket; our own names get all of them."""
    port = behind.served.port
    page = ask(port, "/moods/", Host="moods.example.org")
    assert (page.status, "<html" in page.text) == (200, True)
    refused = ask(port, "/moods/", Host="evil.example")
    assert (refused.status, "<html" in refused.text, "evil" in refused.text) == (421, False, False)
    assert ask(port, "/moods/healthz", Host="evil.example").status == 421
    stream = "/moods/_stcore/stream"
    assert handshake(port, stream, Host="moods.example.org", Origin="https://moods.example.org") == 101
    assert handshake(port, stream, Host="127.0.0.1:8655", Origin="https://moods.example.org") == 101  # no Host passed
    assert handshake(port, stream, Host="evil.example", Origin="https://evil.example") == 403
    assert handshake(port, stream, Host="moods.example.org", Origin="https://evil.example") == 403


def test_what_the_page_does_not_use_is_closed(behind: Behind) -> None:
    """Metrics and agents answer nobody, whatever the environment or a configuration file asks for."""
    port = behind.served.port
    for path in ("metrics", "agent/openapi.json", "agent/mcp", "agent/health"):
        assert ask(port, f"/moods/_stcore/{path}").status == 404
    assert ask(port, "/moods/_stcore/agent/mcp", "POST").status == 405
    assert '"allowedOrigins": []' in ask(port, "/moods/_stcore/host-config").text


def test_the_health_of_the_page_is_that_of_its_folder(behind: Behind) -> None:
    """At the root for whoever watches the container, and under the path for whoever watches the proxy."""
    port, aside = behind.served.port, behind.published.with_name("aside")
    assert [ask(port, path).status for path in ("/healthz", "/moods/healthz")] == [200, 200]
    shutil.move(behind.published, aside)
    try:
        assert ask(port, "/healthz").status == 503
    finally:
        shutil.move(aside, behind.published)


def test_a_cookie_goes_over_tls_alone_where_the_page_does(behind: Behind, plain: Served) -> None:
    """On this machine there is no TLS, and a cookie for it alone would be lost."""
    assert "; Secure" in ask(behind.served.port, "/moods/_stcore/health").headers["set-cookie"]
    assert "; Secure" not in ask(plain.port, "/moods/_stcore/health").headers["set-cookie"]


def test_the_page_s_process_has_listed_variables_alone(behind: Behind) -> None:
    """No password, key or setting of the operator's shell comes into the process that strangers talk to."""
    children = psutil.Process(behind.served.process).children(recursive=True)
    environment = next(child.environ() for child in children if "asgi.py" in " ".join(child.cmdline()))
    assert environment["MURMURATION_HELP_LINE"] == PLANTED["MURMURATION_HELP_LINE"]
    allowed = {"PATH", "LD_LIBRARY_PATH", "TMPDIR", "TZ", "HOME", "LC_ALL", "DO_NOT_TRACK"}
    allowed |= {name for name in environment if name.startswith(("MURMURATION_", "PYTHON"))}
    allowed |= {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS", "MALLOC_ARENA_MAX"}
    assert environment.keys() - allowed == set()
    assert "planted" not in str(environment)
    assert Path(environment["HOME"]) != Path.home()


def test_settings_that_the_server_refuses_end_the_command_before_it_names_an_address(behind: Behind) -> None:
    """The file of the sign-in is read by the server alone: the command says that it was refused, and quotes nothing."""
    file = behind.published.with_name("sign-in.toml")
    file.write_text('[provider]\nclient_secret = "planted-secret"\n')
    words = ("--published", str(behind.published), "--port", str(free_port()), "--sign-in", str(file), "--json")
    ended = subprocess.run([*COMMAND, "dashboard", *words], capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 2
    assert json.loads(ended.stdout).keys() == {"error"}
    assert "sign-in.toml: provider." in ended.stderr
    assert "planted-secret" not in f"{ended.stdout}{ended.stderr}"


def test_no_request_of_the_page_goes_outside(plain: Served, chromium: Browser) -> None:
    """A browser that looks at the whole page asks its own server alone, and the policy has nothing to stop."""
    with watched(chromium, height=9000) as seen:
        seen.page.goto(plain.url)
        seen.page.get_by_role("link", name="Trends", exact=True).first.click()
        seen.page.locator("canvas, svg.marks").first.wait_for(timeout=60_000)
        seen.page.get_by_role("link", name="Groups", exact=True).first.click()
        seen.page.get_by_text("against everybody else").or_(seen.page.locator("footer")).first.wait_for(timeout=60_000)
        seen.page.wait_for_load_state("networkidle")
        assert seen.origins == {f"127.0.0.1:{plain.port}"}
        assert any(url.startswith("ws://") for url in seen.requests)
        assert seen.console == []


def test_the_policy_stops_what_would_go_outside(plain: Served, chromium: Browser) -> None:
    """A script, picture or request that came into the page could not reach another address."""
    with watched(chromium) as seen:
        seen.page.goto(f"{plain.url}/healthz")
        stopped = seen.page.evaluate(
            """async () => {
                const stopped = [];
                document.addEventListener('securitypolicyviolation', event => stopped.push(event.effectiveDirective));
                await fetch('http://127.0.0.1:9/').catch(() => null);
                try { new WebSocket('ws://127.0.0.1:9/'); } catch (error) { }
                const picture = document.createElement('img');
                picture.src = 'http://127.0.0.1:9/x.png';
                const script = document.createElement('script');
                script.textContent = 'window.came = true';
                document.body.append(picture, script);
                await new Promise(resolve => setTimeout(resolve, 300));
                return [...stopped, String(window.came)].sort();
            }"""
        )
        assert stopped == ["connect-src", "connect-src", "img-src", "script-src-elem", "undefined"]
