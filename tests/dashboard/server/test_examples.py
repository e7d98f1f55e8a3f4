"""The examples for operators: what is in them is what the program has."""

import re
import tomllib
from pathlib import Path

import pytest

from dashboard.server.sign_in import read_sign_in
from pipelines.cli import COMMANDS
from pipelines.command_line import parse

ROOT = Path(__file__).parents[3]
SERVING = ROOT / "docs" / "serving"


def test_the_container_has_no_tool_of_the_tests() -> None:
    """The lock has them all; the image takes out what the extra `dev` names, the provider for the tests among it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    tools = {re.split(r"[<>=!]", line)[0] for line in project["optional-dependencies"]["dev"]}
    text = (SERVING / "Containerfile").read_text()
    removed = re.search(r"uninstall --yes ((?:[\w\s-]|\\\n)+?)\nCOPY", text)
    assert removed is not None
    assert set(removed.group(1).replace("\\", " ").split()) == tools


def test_the_container_serves_a_copy_as_a_user_without_rights() -> None:
    """Its command is one that the program takes, and reads no home."""
    text = (SERVING / "Containerfile").read_text()
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    words = re.findall(r'"([^"]*)"', "".join(re.findall(r"^(?:ENTRYPOINT|CMD) (.*)$", text, re.MULTILINE)))
    args = parse(words[1:], COMMANDS)
    assert (words[0], args.command.name, args.published) == ("murmuration", "dashboard", Path("/published"))
    assert (args.address, args.public_url) == ("0.0.0.0", "http://localhost:8501")  # noqa: S104 -- inside the container


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_a_proxy_s_example_leads_to_the_command_that_it_names(name: str) -> None:
    """Port and path of both are the same."""
    text = (SERVING / name).read_text()
    command = re.search(r"#   murmuration (.*)", text)
    assert command is not None
    args = parse(command.group(1).split(), COMMANDS)
    assert f"127.0.0.1:{args.port}" in text
    assert args.public_url.endswith("/moods")
    assert "/moods/" in text


def test_the_sign_in_file_of_the_page_for_operators_can_be_read(tmp_path: Path) -> None:
    """Whoever copies it has a file that works, once the four values are theirs."""
    page = (ROOT / "docs" / "operators.md").read_text()
    block = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert block is not None
    (tmp_path / "sign-in.toml").write_text(block.group(1))
    assert read_sign_in(tmp_path / "sign-in.toml").pages["planner"]
