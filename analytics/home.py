"""One service's folder, private to its owner; `home.json`, written last, says that it is whole."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from analytics.durable import write_durably
from analytics.errors import StoreDamagedError, StoreLockedError, StoreTooNewError, UsageError

FORMAT = 1
"""The home's format; a greater one in `home.json` means a newer program wrote it."""

LOCK_SECONDS = 60

FOLDERS = ("inbox", "vault", "secret", "ledger", "contracts", "prefect", "published")


@dataclass(frozen=True)
class Home:
    """The paths of a home."""

    root: Path

    @property
    def config_file(self) -> Path:
        """`home.json`: format, plan, the service's public first day."""
        return self.root / "home.json"

    @property
    def inbox(self) -> Path:
        """A folder for each source."""
        return self.root / "inbox"

    @property
    def held(self) -> Path:
        """Where a program of before vault format 4 kept files with refused rows; it is removed with them."""
        return self.root / "held"

    @property
    def vault(self) -> Path:
        """The vault's file."""
        return self.root / "vault" / "vault.duckdb"

    @property
    def key(self) -> Path:
        """The pseudonym key."""
        return self.root / "secret" / "pseudonym.key"

    @property
    def head(self) -> Path:
        """The ledger's head."""
        return self.root / "secret" / "ledger_head.json"

    @property
    def suppression_list(self) -> Path:
        """The suppression list: beside the key of its hashes, never in a backup of the vault."""
        return self.root / "secret" / "withdrawn.json"

    @property
    def ledger(self) -> Path:
        """The ledger and the noisy cells."""
        return self.root / "ledger" / "releases.sqlite"

    @property
    def contracts(self) -> Path:
        """The operator's contracts, which govern."""
        return self.root / "contracts"

    @property
    def prefect(self) -> Path:
        """Everything that Prefect writes."""
        return self.root / "prefect"

    @property
    def published(self) -> Path:
        """What the dashboard reads."""
        return self.root / "published"

    @property
    def simulated(self) -> Path:
        """The demo's invented files, while it runs."""
        return self.root / "simulated"

    def exists(self) -> bool:
        """Return whether an `init` was completed here."""
        return self.config_file.is_file()


@dataclass(frozen=True)
class HomeConfig:
    """What `home.json` holds."""

    plan: str
    start: date
    demo: bool = False
    finished: bool = True
    """False while a demo has not yet published."""


def read_config(home: Home) -> HomeConfig:
    """Return what the home was made with.

    Raises:
        UsageError: if there is no home.
        StoreDamagedError: if `home.json` cannot be read.
        StoreTooNewError: if a newer program wrote it.
    """
    if not home.exists():
        message = f"There is no home at {home.root}."
        raise UsageError(message, "Run `murmuration init` first, or name another folder with --home.")
    format_: Any = None
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        config = json.loads(home.config_file.read_text("utf-8"))
        if config["format"] != FORMAT:
            format_ = config["format"]
        else:
            return HomeConfig(
                plan=str(config["plan"]),
                start=date.fromisoformat(config["start"]),
                demo=bool(config.get("demo", False)),
                finished=bool(config.get("finished", True)),
            )
    if format_ is None:
        message = "The file home.json cannot be read."
        raise StoreDamagedError(message, "Restore it from your backup.")
    message = "A newer version of this program wrote this home."
    raise StoreTooNewError(message, "Install that version.")


def write_config(home: Home, config: HomeConfig) -> None:
    """Replace `home.json`."""
    content: dict[str, object] = {"format": FORMAT, "plan": config.plan, "start": config.start.isoformat()}
    if config.demo:
        content |= {"demo": True, "finished": config.finished}
    write_durably(home.config_file, json.dumps(content).encode() + b"\n")


@contextmanager
def lock(home: Home) -> Iterator[None]:
    """Hold the home's one lock for the length of a `with` block; a process's death releases it.

    Raises:
        StoreLockedError: if another process still holds it after 60 seconds.
    """
    file_lock = FileLock(home.root / "lock", mode=0o600)
    with suppress(Timeout):
        file_lock.acquire(timeout=LOCK_SECONDS)
    if not file_lock.is_locked:
        message = f"Another command has been working on this home for more than {LOCK_SECONDS} seconds."
        raise StoreLockedError(message, "Wait until it has ended, then run this command again.")
    try:
        yield
    finally:
        file_lock.release()
