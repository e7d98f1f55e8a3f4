"""Where the page's line of help comes from: service.yaml of the home, or the general line."""

from pathlib import Path

import pytest

from analytics.home import Home
from pipelines.dashboard_server import help_line


@pytest.mark.parametrize(
    ("service", "line"),
    [
        ("name: A\ncontact: B\nhelp_line: 'Call 0800 000 000, day and night.'\n", "Call 0800 000 000, day and night."),
        ("name: '[your service]'\ncontact: B\nhelp_line: Call 0800 000 000.\n", "Call 0800 000 000."),
        ("name: A\ncontact: B\nhelp_line: '[your line]'\n", ""),  # not filled in: the general line is better
        ("name: A\ncontact: B\n", ""),  # the contract asks for one
        ("help_line: [\n", ""),  # no YAML
        (None, ""),  # no file
    ],
)
def test_the_line_of_help_is_the_service_s_own_where_there_is_one(
    tmp_path: Path, service: str | None, line: str
) -> None:
    """A contract that cannot be read costs the page its own line and nothing else."""
    home = Home(tmp_path)
    home.contracts.mkdir(parents=True)
    if service is not None:
        (home.contracts / "service.yaml").write_text(service, "utf-8")
    assert help_line(home) == line
