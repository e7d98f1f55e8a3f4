"""The suppression list: written before the vault changes, refused if it is older than the vault; without identities."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from analytics.errors import FileRefusedError, StoreBehindError, StoreDamagedError, StoreTooNewError
from analytics.vault.database import Vault
from tests.support.leaving import everything, people_of, uncovered
from tests.support.people import ANA, BEA, CAI, DEE, Desk, entry, granted, pseudonym, query, vault_at, withdrawn


def _as_old(desk: Desk, folder: Path) -> Path:
    """Return a copy of the vault's file as of now."""
    query(desk.vault, "CHECKPOINT")
    copy = folder / "old.duckdb"
    copy.write_bytes((folder / "vault.duckdb").read_bytes())
    return copy


def test_a_vault_of_before_the_withdrawal_is_erased_again(tmp_path: Path, contracts: Any) -> None:  # noqa: ANN401 -- a fixture
    """An old copy brings back no person who withdrew since; rows of people who came back must be sent again."""
    with vault_at(tmp_path / "vault.duckdb") as vault:
        desk = Desk(vault, contracts, tmp_path)
        everything(ANA, BEA, CAI)(desk)
        old = _as_old(desk, tmp_path)
        desk.consents(withdrawn(ANA), withdrawn(CAI, "2026-05-01"))
        desk.consents(granted(CAI, "2026-05-02"))
    old.replace(tmp_path / "vault.duckdb")
    with vault_at(tmp_path / "vault.duckdb") as vault:
        desk = Desk(vault, contracts, tmp_path)
        assert people_of(desk) == {pseudonym(BEA)}
        assert (vault.erased_again, vault.state().rebuild_due, uncovered(vault)) == ((1,), True, 0)
        assert desk.everyone() == {3: 1_000_000}
    with vault_at(tmp_path / "vault.duckdb") as vault:
        assert vault.erased_again == ()


@pytest.mark.parametrize("harm", ["gone", "older", "other", "altered", "newer", "nested"])
def test_a_list_that_is_not_the_vault_s_is_refused(tmp_path: Path, contracts: Any, harm: str) -> None:  # noqa: ANN401
    """Without the list, or with one that is behind the vault, nothing is opened: the mistake should be silence."""
    path = tmp_path / "vault-withdrawn.json"
    with vault_at(tmp_path / "vault.duckdb") as vault:
        desk = Desk(vault, contracts, tmp_path)
        everything(ANA, BEA)(desk)
        desk.consents(withdrawn(ANA))
        first = path.read_text()
        desk.consents(withdrawn(BEA))
    content = json.loads(path.read_text())
    if harm == "gone":
        path.unlink()
    elif harm == "older":
        path.write_text(first)
    elif harm == "other":  # somebody else's list, whole in itself
        with vault_at(tmp_path / "else.duckdb") as vault:
            other = Desk(vault, contracts, tmp_path)
            other.consents(withdrawn(CAI))
            other.consents(withdrawn(DEE))
        (tmp_path / "else-withdrawn.json").replace(path)
    elif harm == "altered":
        content["batches"][0]["people"] = []
        path.write_text(json.dumps(content))
    elif harm == "nested":  # deeper than Python reads
        path.write_text("[" * 100_000)
    else:
        path.write_text(json.dumps({**content, "format": 2}))
    kind = {"older": StoreBehindError, "newer": StoreTooNewError}.get(harm, StoreDamagedError)
    with pytest.raises(kind, match="suppression list"), vault_at(tmp_path / "vault.duckdb"):
        pass


def test_the_list_holds_no_id_and_no_pseudonym(desk: Desk) -> None:
    """A suppression hash is a hash of its own; without the key it reveals nothing."""
    everything(ANA)(desk)
    desk.consents(withdrawn(ANA))
    content = (desk.folder / "vault-withdrawn.json").read_text()
    assert pseudonym(ANA).hex() not in content
    assert ANA not in content
    assert len(json.loads(content)["batches"][0]["people"]) == 1


def test_a_withdrawal_is_on_the_list_before_the_file_is_in_the_vault(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the file's transaction fails after all, the withdrawal holds from the next opening of the vault on."""
    everything(ANA)(desk)
    run = Vault.run

    def failing(vault: Vault, name: str, parameters: Mapping[str, Any] | None = None) -> None:
        run(vault, name, parameters)
        if name == "batch_add":
            message, action = "The disk is full.", "Free some space."
            raise FileRefusedError(message, action)

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "run", failing)
        with pytest.raises(FileRefusedError):
            desk.consents(withdrawn(ANA))
    assert people_of(desk) == {pseudonym(ANA)}
    desk.vault.close()
    with vault_at(desk.folder / "vault.duckdb") as vault:
        assert people_of(Desk(vault, desk.contracts, desk.folder)) == set()


def test_a_failed_file_s_withdrawals_hold_for_the_next_file_of_the_run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is ahead of the vault then: whatever comes next follows it first, other withdrawals included."""
    everything(ANA, BEA, CAI)(desk)
    with monkeypatch.context() as patch:
        patch.setattr(Vault, "check_kept", lambda *_: None)
        patch.setattr("analytics.vault.ingest._close", _full_disk)
        with pytest.raises(FileRefusedError):
            desk.consents(withdrawn(ANA))
    assert people_of(desk) == {pseudonym(each) for each in (ANA, BEA, CAI)}
    assert desk.entries(entry(ANA, "2026-05-05")).without_consent == 1
    desk.consents(withdrawn(BEA))
    assert people_of(desk) == {pseudonym(CAI)}
    assert desk.vault.state().applied_through == desk.vault.suppression_list.sequence == 2


def _full_disk(*_: object) -> None:
    message, action = "The disk is full.", "Free some space."
    raise FileRefusedError(message, action)
