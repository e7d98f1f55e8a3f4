"""Verifying finds any change, by itself or against the ledger; it never raises and never mends."""

import io
import json
import random
import shutil
from pathlib import Path

import polars as pl
import pytest

from analytics.canonical import canonical_json
from analytics.contracts import read_contracts, shipped_contracts
from analytics.store.chain import GENESIS, entry_hash
from analytics.trends.publication.publish import publish
from analytics.trends.publication.verify import Check, verify_home, verify_published
from tests.support.forged_files import rehash
from tests.support.releases import Home, new_home
from tests.support.rendered_once import rendered_once

__all__ = ["rendered_once"]  # the fixture

PLACES_IN_THE_LEDGER = 40


def verified(home: Home, expect_head: str | None = None) -> list[Check]:
    """Verify a home."""
    return verify_home(home.ledger, home.head, home.published, expect_head)


def fails(checks: list[Check]) -> bool:
    """Say whether something does not agree."""
    return not all(check.ok for check in checks)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a published home that stays as it is."""
    home = new_home(tmp_path_factory.mktemp("verify") / "home")
    home.draw("2024-W10", "2024-W11")
    contract = read_contracts(shipped_contracts(), "standard").published
    with home.open() as ledger:
        publish(ledger.entries(), ledger.cells, home.published, contract)
    return home


@pytest.fixture
def home(made: Home, tmp_path: Path) -> Home:
    """Return a copy to damage."""
    shutil.copytree(made.folder, tmp_path / "copy")
    return Home(tmp_path / "copy")


def test_what_was_published_verifies(home: Home) -> None:
    """An untouched home verifies, as often as asked, and so does its published folder alone."""
    for _ in range(2):
        assert not fails(verified(home))
    assert not fails(verify_published(home.published))


def flipped(path: Path, place: int, bits: int) -> bytes:
    """Flip bits of one byte; return the file as it was."""
    before = path.read_bytes()
    path.write_bytes(before[:place] + bytes([before[place] ^ bits]) + before[place + 1 :])
    return before


@pytest.mark.usefixtures("rendered_once")
def test_one_changed_byte_in_any_published_file_is_found(home: Home) -> None:
    """In every file of the published folder one changed byte fails both kinds of verification, and stays found."""
    rng = random.Random(20)
    paths = sorted(path for path in home.published.rglob("*") if path.is_file())
    assert len(paths) == 39
    for path in paths:
        for _ in range(2):
            before = flipped(path, rng.randrange(path.stat().st_size), rng.randint(1, 255))
            altered = path.read_bytes()
            assert fails(verify_published(home.published)), path.name
            assert fails(verified(home)), path.name
            assert path.read_bytes() == altered
            path.write_bytes(before)
    assert not fails(verified(home))


@pytest.mark.usefixtures("rendered_once")
def test_one_changed_byte_in_the_ledger_is_found(home: Home) -> None:
    """A changed byte anywhere in the ledger's file, its header and free space too, fails twice: nothing is mended."""
    rng = random.Random(21)
    size = home.ledger.stat().st_size
    places = [*range(16, 100, 7), *(rng.randrange(size) for _ in range(PLACES_IN_THE_LEDGER)), size - 1]
    for place in places:
        head = home.head.read_bytes()
        before = flipped(home.ledger, place, 1 << rng.randrange(8))
        for _ in range(2):
            assert fails(verified(home)), place
        assert home.head.read_bytes() == head
        home.ledger.write_bytes(before)
        for beside in home.folder.glob("releases.sqlite-*"):
            beside.unlink()
    assert not fails(verified(home))


@pytest.mark.usefixtures("rendered_once")
def test_one_changed_byte_in_the_head_is_found(home: Home) -> None:
    """Every byte of the head counts, and verifying does not write it again."""
    for place in range(home.head.stat().st_size):
        before = flipped(home.head, place, 1 + place % 7)
        altered = home.head.read_bytes()
        assert fails(verify_home(home.ledger, home.head, home.published)), place
        assert home.head.read_bytes() == altered
        home.head.write_bytes(before)


@pytest.mark.usefixtures("rendered_once")
def test_a_file_more_or_less_is_found(home: Home) -> None:
    """Every published file must be there, and no other."""
    for path in sorted(path for path in home.published.rglob("*") if path.is_file()):
        before = path.read_bytes()
        path.unlink()
        assert fails(verified(home)), path.name
        path.write_bytes(before)
        more = path.with_name("more")
        more.write_bytes(b"")
        assert fails(verify_published(home.published)), path.parent.name
        more.unlink()
    for path in (home.ledger, home.head):
        before = path.read_bytes()
        path.unlink()
        assert fails(verified(home))
        path.write_bytes(before)
    shutil.rmtree(home.published)
    assert fails(verified(home))


def test_the_expected_head_is_held(home: Home) -> None:
    """The right hash passes, in any case and with blanks around it; any other fails."""
    head = json.loads(home.head.read_text())["hash"]
    assert not fails(verified(home, f" {head.upper()}\n"))
    assert not fails(verify_published(home.published, head))
    for other in (GENESIS, "", head[:-1]):
        assert fails(verified(home, other))
        assert fails(verify_published(home.published, other))


def test_a_release_that_was_not_published_is_found(home: Home) -> None:
    """A ledger that is further than its published folder does not verify until it is published."""
    home.draw("2024-W12")
    assert fails(verified(home))
    assert not fails(verify_published(home.published))


FORGED = [
    ("cells.parquet", "value_micro_persons"),
    ("cells.parquet", "sigma_micro_persons"),
    ("measures.parquet", "estimate"),
    ("measures.parquet", "since_previous_at_once_low"),
    ("measures.parquet", "instead_estimate"),
    ("pairs.parquet", "difference"),
    ("signals.parquet", "revision"),
]


@pytest.mark.parametrize(("name", "column"), FORGED)
def test_a_forged_table_with_right_hashes_is_found(home: Home, name: str, column: str) -> None:
    """A changed number is found by the published folder alone, though all hashes were made to match."""
    path = home.published / "releases" / "weekly" / "2024-W11-r0" / name
    rehash(home, "2024-W11")
    assert not fails(verify_published(home.published))
    frame = pl.read_parquet(io.BytesIO(path.read_bytes()))
    place = frame[column].is_not_null().arg_true()[-1]
    changed = frame.with_columns(
        pl.when(pl.int_range(pl.len()) == place).then(pl.col(column) + 1).otherwise(pl.col(column)).alias(column)
    )
    changed.write_parquet(path)
    rehash(home, "2024-W11")
    assert fails(verify_published(home.published))


@pytest.mark.usefixtures("rendered_once")
@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"releases": 5}', "[" * 100_000, '{"head": NaN}', "\udcff"])
def test_no_damage_raises(home: Home, text: str) -> None:
    """Whatever is in a file, verifying ends in a failed check."""
    data = text.encode(errors="surrogateescape")
    for path in sorted(path for path in home.published.rglob("*") if path.is_file()):
        before = path.read_bytes()
        path.write_bytes(data)
        assert fails(verified(home)), path.name
        path.write_bytes(before)


@pytest.mark.parametrize(
    "missing", ["tables", "loss_nano", "dimensions", "measures", "display", "cells_sha256", "product"]
)
def test_a_forged_chain_does_not_raise(home: Home, missing: str) -> None:
    """A chain that was made again over entries that lack something fails, without an error."""
    before = GENESIS
    for week in ("2024-W10", "2024-W11"):
        path = home.published / "releases" / "weekly" / f"{week}-r0" / "manifest.json"
        manifest = json.loads(path.read_text())
        entry = manifest["ledger"]
        del entry["body"][missing]
        entry.update(previous_hash=before, hash=entry_hash(entry["sequence"], before, canonical_json(entry["body"])))
        before = entry["hash"]
        path.write_text(json.dumps(manifest, indent=1) + "\n")
        rehash(home, week)
    current = json.loads((home.published / "current.json").read_text())
    current["head"]["hash"] = before
    (home.published / "current.json").write_text(json.dumps(current, indent=1) + "\n")
    assert fails(verify_published(home.published))


def test_a_head_that_a_kill_left_behind_is_no_damage(home: Home, tmp_path: Path) -> None:
    """A head that is one entry behind, as a kill between commit and head leaves it, is brought up and verifies."""
    other = new_home(tmp_path / "other")
    other.draw("2024-W10")
    behind = other.head.read_bytes()
    other.draw("2024-W11")
    other.head.write_bytes(behind)
    found = verify_home(other.ledger, other.head, other.published)
    assert [check.ok for check in found[:2]] == [True, True]
    assert other.head.read_bytes() != behind
    home.head.write_bytes(behind)
    assert fails(verified(home))
