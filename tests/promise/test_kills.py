"""A real SIGKILL at every step of taking a file in: all of the file or nothing, and the next run makes it whole."""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from analytics.contracts import Contracts
from analytics.vault.database import Vault
from tests.crash.watching import run
from tests.support.people import ANA, BEA, Desk, entry, granted, row_counts, vault_at

STEPS = (
    "refused/waiting_add",
    "covered_person",
    "replaced_entry_remove",
    "entry_add",
    "refused/same_remove",
    "refused/add",
    "batch_add",
)
"""The statements of one file's transaction, in order."""

ROWS = (
    entry(ANA, "2026-05-05T10:00", factors="work"),
    entry(ANA, "2026-05-06T10:00", mood="9"),  # off the scale: quarantine
    entry(BEA, "2026-05-05T10:00", mood="2"),  # corrects what is stored
)


def _take_in_and_die(folder: Path, contracts: Contracts, step: str) -> int:
    whole = Vault.run

    def ends_after(vault: Vault, name: str, parameters: Mapping[str, Any] | None = None) -> None:
        whole(vault, name, parameters)
        if name == step:
            os.kill(os.getpid(), signal.SIGKILL)

    with vault_at(folder / "vault.duckdb") as vault:
        setattr(Vault, "run", ends_after)  # noqa: B010 -- this process ends here; an assignment would not type
        Desk(vault, contracts, folder).entries(*ROWS)
    return 0


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_intake_leaves_nothing_and_is_made_whole(tmp_path: Path, contracts: Contracts, step: str) -> None:
    """Killed within the transaction, nothing of the file is there; sent again, it is whole and counted once."""
    with vault_at(tmp_path / "vault.duckdb") as vault:
        desk = Desk(vault, contracts, tmp_path)
        desk.consents(granted(ANA), granted(BEA))
        desk.entries(entry(BEA, "2026-05-05T10:00", mood="5"))
        before = row_counts(vault), desk.everyone()
    ran = run(_take_in_and_die, tmp_path, contracts, step)
    sys.stdout.write(ran.out)  # for the rule that nothing tells of a person
    assert ran.killed
    with vault_at(tmp_path / "vault.duckdb") as vault:
        desk = Desk(vault, contracts, tmp_path)
        assert (row_counts(vault), desk.everyone()) == before
        report = desk.entries(*ROWS)
        assert (report.accepted, report.duplicates, dict(report.quarantined)) == (2, 0, {"off_scale": 1})
        assert desk.entries(*ROWS).duplicates == 2
