"""What the environment and the command line settle, read once at the edge into a frozen value."""

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from pipelines.surroundings import forget_surroundings

HOME_VARIABLE = "MURMURATION_HOME"
DEFAULT_HOME = "murmuration-home"

OWN_SERVER = ("PREFECT_API_URL", "PREFECT_API_KEY", "PREFECT_API_AUTH_STRING")
"""What an operator who runs a Prefect server may set."""


@dataclass(frozen=True)
class Settings:
    """One command's surroundings."""

    home: Path
    now: datetime
    """The clock, read once, in UTC."""
    folder: Path
    """The working folder, to which the command line's file names are relative."""
    as_json: bool = False
    debug: bool = False
    own_server: bool = False
    """Whether the operator runs a Prefect server (`PREFECT_API_URL`); else one is embedded."""

    @classmethod
    def read(cls, *, as_json: bool = False, debug: bool = False) -> Self:
        """Read environment and clock."""
        return cls(
            home=Path(os.environ.get(HOME_VARIABLE) or DEFAULT_HOME).expanduser().absolute(),
            now=datetime.now(UTC),
            folder=Path.cwd(),
            as_json=as_json,
            debug=debug,
            own_server=bool(os.environ.get("PREFECT_API_URL")),
        )

    def at(self, home: Path) -> "Settings":
        """Return the same with the home that the command line names."""
        return replace(self, home=home.expanduser().absolute())


def set_prefect_environment(prefect_home: Path, *, own_server: bool = False) -> None:
    """Settle Prefect's settings; must run before its first import, which reads them.

    Everything that it writes lies in the home, nothing is sent anywhere, and stdout stays clean. Whatever else of
    Prefect the environment, an `.env` or a `prefect.toml` of the working folder settle is left out, but for an own
    server's address and key. Proxies, certificates and locale of the environment hold on the way to an own server; to
    the embedded one they do not matter, and are left out.
    """
    kept = OWN_SERVER if own_server else ()
    for name in [name for name in os.environ if name.startswith("PREFECT_") and name not in kept]:
        del os.environ[name]
    prefect_home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chdir(prefect_home)  # Prefect reads .env, prefect.toml and pyproject.toml of the folder it is started in
    os.environ.update(
        {
            "PREFECT_HOME": str(prefect_home),
            "DO_NOT_TRACK": "1",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_UI_ENABLED": "false",
            "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
            # a first start migrates the database: 18 s were measured, and a slow disk takes longer
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
            "PREFECT_LOGGING_TO_API_ENABLED": "false",
            # failed tasks are told in our own words; Prefect would add a traceback
            "PREFECT_LOGGING_LEVEL": "CRITICAL",
            "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{prefect_home / 'prefect.db'}",
        }
    )
    if not own_server:
        forget_surroundings(os.environ)
