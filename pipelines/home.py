"""One service's folder, private to its owner; `home.json`, written last, says that it is whole."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from analytics.contracts import REGISTER_SOURCES, plan_file, read_declarations, shipped_contracts
from analytics.durable import make_folder_durably, write_durably
from analytics.errors import StoreDamagedError, StoreLockedError, UsageError
from analytics.vault.pseudonym import new_key

FORMAT = 1
"""The home's format; a greater one in `home.json` means a newer program wrote it."""

LOCK_SECONDS = 60

_FOLDERS = ("inbox", "vault", "secret", "ledger", "contracts", "prefect", "published")


@dataclass(frozen=True)
class Home:
    """The paths of a home."""

    root: Path

    @property
    def facts(self) -> Path:
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
    def withdrawn(self) -> Path:
        """The list of withdrawn people: beside the key that its marks are made with, never in a backup of the vault."""
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
        return self.facts.is_file()


@dataclass(frozen=True)
class Facts:
    """What `home.json` holds."""

    plan: str
    start: date
    demo: bool = False
    finished: bool = True
    """False while a demo has not yet published."""


def read_facts(home: Home) -> Facts:
    """Return what the home was made with.

    Raises:
        UsageError: if there is no home.
        StoreDamagedError: if `home.json` cannot be read, or a newer program wrote it.
    """
    if not home.exists():
        message = f"There is no home at {home.root}."
        raise UsageError(message, "Run `murmuration init` first, or name another folder with --home.")
    facts: Any = None
    try:
        facts = json.loads(home.facts.read_text("utf-8"))
        if facts["format"] == FORMAT:
            return Facts(
                plan=str(facts["plan"]),
                start=date.fromisoformat(facts["start"]),
                demo=bool(facts.get("demo", False)),
                finished=bool(facts.get("finished", True)),
            )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        facts = None
    if facts is None:
        message = "The file home.json cannot be read."
        raise StoreDamagedError(message, "Restore it from your backup.")
    message = "The home was written by a newer version of this program."
    raise StoreDamagedError(message, "Install that version.")


def write_facts(home: Home, facts: Facts) -> None:
    """Replace `home.json`."""
    content: dict[str, object] = {"format": FORMAT, "plan": facts.plan, "start": facts.start.isoformat()}
    if facts.demo:
        content |= {"demo": True, "finished": facts.finished}
    write_durably(home.facts, json.dumps(content).encode() + b"\n")


def init_home(root: Path, plan: str, start: date, *, demo: bool = False) -> Home:
    """Make a home; where there is one nothing changes, and an interrupted one is completed.

    Raises:
        UsageError: if there is no such plan, or the folder holds other things.
        StoreLockedError: if another command works on it.
    """
    home = Home(root)
    plan_file(shipped_contracts(), plan)
    if home.exists():
        return home
    _check_free(home)
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        root.chmod(0o700)
        made = True
    except OSError:
        made = False
    if not made:
        message = f"No home can be made at {root}."
        raise UsageError(message, "Name a folder that you may write with --home.")
    with lock(home):
        if not home.exists():
            _fill(home)
            write_facts(home, Facts(plan=plan, start=start, demo=demo, finished=not demo))
    return home


def _check_free(home: Home) -> None:
    """Refuse a folder that holds anything but what an interrupted `init` leaves."""
    if home.root.exists() and not home.root.is_dir():
        message = f"{home.root} is not a folder."
        raise UsageError(message, "Name another folder with --home.")
    own = {*_FOLDERS, "held", "lock", ".home.json.draft"}
    if home.root.is_dir() and any(path.name not in own for path in home.root.iterdir()):
        message = f"{home.root} already holds other files."
        raise UsageError(message, "Name an empty or a new folder with --home.")


def _fill(home: Home) -> None:
    from analytics.store.ledger import create_ledger  # noqa: PLC0415 -- `plan` and `--help` start without it
    from analytics.vault.opening import open_vault  # noqa: PLC0415 -- as above

    for name in _FOLDERS:
        folder = home.root / name
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
    shipped = shipped_contracts()
    for path in sorted(shipped.rglob("*.yaml")):
        copy = home.contracts / path.relative_to(shipped)
        make_folder_durably(copy.parent)
        write_durably(copy, path.read_bytes())
    for source in (*REGISTER_SOURCES, *read_declarations(home.contracts).sources):
        (home.inbox / source).mkdir(mode=0o700, exist_ok=True)
    if not home.key.exists():  # never replaced: new pseudonyms would count every person anew
        write_durably(home.key, new_key())
    create_ledger(home.ledger, home.head)
    with open_vault(home.vault, home.withdrawn):
        pass


@contextmanager
def lock(home: Home) -> Iterator[None]:
    """Hold the home's one lock for the length of a `with` block; a process's death releases it.

    Raises:
        StoreLockedError: if another process still holds it after 60 seconds.
    """
    file_lock = FileLock(home.root / "lock", mode=0o600)
    held = True
    try:
        file_lock.acquire(timeout=LOCK_SECONDS)
    except Timeout:
        held = False
    if not held:
        message = f"Another command has been working on this home for more than {LOCK_SECONDS} seconds."
        raise StoreLockedError(message, "Wait until it has ended, then run this command again.")
    try:
        yield
    finally:
        file_lock.release()
