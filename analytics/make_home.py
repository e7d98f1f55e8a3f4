"""Making a home: its folders, its copy of the contracts, its key, an empty ledger and an empty vault."""

from contextlib import suppress
from datetime import date
from pathlib import Path

from analytics.contracts import REGISTER_SOURCES, plan_file, read_declarations, shipped_contracts
from analytics.durable import make_folder_durably, write_durably
from analytics.errors import UsageError
from analytics.home import FOLDERS, Home, HomeConfig, lock, write_config
from analytics.store.ledger import create_ledger
from analytics.vault.open_database import open_vault
from analytics.vault.pseudonym import new_key


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
    made = False
    with suppress(OSError):
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        root.chmod(0o700)
        made = True
    if not made:
        message = f"A home cannot be made at {root}."
        raise UsageError(message, "With --home, name a folder that you can write to.")
    with lock(home):
        if not home.exists():
            _fill(home)
            write_config(home, HomeConfig(plan=plan, start=start, demo=demo, finished=not demo))
    return home


def _check_free(home: Home) -> None:
    """Make sure that the folder holds nothing, or only what an interrupted `init` leaves.

    Raises:
        UsageError: if it holds anything else, or is a file.
    """
    if home.root.exists() and not home.root.is_dir():
        message = f"{home.root} is not a folder."
        raise UsageError(message, "Name another folder with --home.")
    own = {*FOLDERS, "held", "lock", ".home.json.draft"}
    if home.root.is_dir() and any(path.name not in own for path in home.root.iterdir()):
        message = f"{home.root} already holds other files."
        raise UsageError(message, "Name an empty or a new folder with --home.")


def _fill(home: Home) -> None:
    for name in FOLDERS:
        folder = home.root / name
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
    shipped = shipped_contracts()
    for path in sorted(path for path in shipped.rglob("*") if path.suffix in {".yaml", ".geojson"}):
        copy = home.contracts / path.relative_to(shipped)
        make_folder_durably(copy.parent)
        write_durably(copy, path.read_bytes())
    for source in (*REGISTER_SOURCES, *read_declarations(home.contracts).sources):
        (home.inbox / source).mkdir(mode=0o700, exist_ok=True)
    if not home.key.exists():  # never replaced: under a new key every person would count as a new one
        write_durably(home.key, new_key())
    create_ledger(home.ledger, home.head)
    with open_vault(home.vault, home.suppression_list):
        pass
