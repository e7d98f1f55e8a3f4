"""A word in every text of every format is found in `inbox/` and in held records, and nowhere else that is written."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from analytics.contracts import REGISTER_SOURCES, read_contracts, shipped_contracts
from analytics.home import Home
from analytics.vault.erasure.rows import rebuild
from analytics.vault.readers import formats
from analytics.vault.residue import BytePatterns, search
from tests.specimens import modules
from tests.support.people import ENTRY_HEADER
from tests.support.spellings import spellings

pytestmark = pytest.mark.timeout(400)

CONSENT_HEADER = "person_id,event,recorded_at,covers_from,scope"
SPECIMENS = modules()


@dataclass
class Words:
    """Gives out words that are nowhere else."""

    given: list[str] = field(default_factory=list)

    def __call__(self) -> str:
        """Return a new word."""
        self.given.append(f"CANARY{len(self.given):04d}quelea")
        return self.given[-1]


@dataclass(frozen=True)
class Walk:
    """A home after the whole way with planted files of every format, and all that its commands said."""

    home: Home
    beside: Path
    words: list[str]
    leaver: str
    """Who withdrew in the end."""
    said: bytes


def command(home: Home, beside: Path, *words: str, said: bytes = b"", codes: tuple[int, ...] = (0, 3)) -> bytes:
    """Run a real command, every temporary file of which lies in `beside`, and return all that it said."""
    surroundings = {**os.environ, "TMPDIR": str(beside), "PREFECT_LOGGING_LEVEL": "DEBUG"}
    argv = [sys.executable, "-m", "pipelines.cli", "--home", str(home.root), *words, "--debug"]
    done = subprocess.run(argv, input=said, capture_output=True, check=False, timeout=300, env=surroundings)
    assert done.returncode in codes, done.returncode
    return done.stdout + done.stderr


def put(path: Path, content: bytes) -> None:
    """Put a file into the inbox that has been quiet for a minute."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (path.stat().st_mtime - 60,) * 2)


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """Walk once: files of all formats, damaged ones too, taken in, read again, released, published."""
    folder = tmp_path_factory.mktemp("canaries")
    beside = folder / "tmp"
    beside.mkdir()
    home = Home(folder / "home")
    said = command(home, beside, "init", "--plan", "small", "--start", "2026-04-01")
    words = Words()
    sources = read_contracts(shipped_contracts(), "small").sources
    for name, specimen in SPECIMENS.items():
        inbox = home.inbox / name
        if sources[name].person == "file":
            inbox /= words()
        ending = Path(specimen.FILE_NAME).suffix
        good = specimen.planted(words)
        put(inbox / f"{words()}{ending}", good)
        put(inbox / f"{words()}{ending}", specimen.planted(words)[: len(good) // 2])  # torn in the middle
        put(inbox / f"{words()}{ending}", f'{{"{words()}": "{words()},'.encode())  # another kind of file altogether
        put(inbox / f"{words()}.{words()}", b"\x00\xff" + specimen.planted(words))
        for extra in getattr(specimen, "planted_beside", lambda _: {})(words).values():
            put(inbox / f"{words()}{ending}", extra)
    leaver = words()
    put(home.inbox / "canonical" / f"{words()}.csv", f"{ENTRY_HEADER}\n{leaver},2026-05-04,2,,,{words()}\n".encode())
    # Every word may be a person: each consents, so that nothing ends for want of consent.
    grants = [f"{word},granted,2020-01-01,2020-01-01,population_statistics" for word in words.given]
    put(home.inbox / "consents" / f"{words()}.csv", "\n".join([CONSENT_HEADER, *grants, words(), '"']).encode())
    said += command(home, beside, "ingest", "--inbox")
    said += command(home, beside, "quarantine", "list")
    said += command(home, beside, "quarantine", "retry")
    said += command(home, beside, "release", "--as-of", (date(2026, 4, 1) + timedelta(days=120)).isoformat())
    said += command(home, beside, "withdraw", said=f"person_id\n{leaver}\n".encode())
    # The proof cannot read the torn archive that still waits in the inbox, and says so.
    said += command(home, beside, "erase", "--search", said=leaver.encode(), codes=(5,))
    for last in ("receipts", "publish", "verify"):
        said += command(home, beside, last)
    return Walk(home, beside, words.given, leaver, said)


def test_every_format_has_specimens() -> None:
    """No format, and no declared source of one, is left out of these tests."""
    declared = read_contracts(shipped_contracts(), "small").sources
    assert set(formats()) - set(REGISTER_SOURCES) <= set(SPECIMENS)
    assert set(declared) - {"canonical", "covidaffect"} == set(SPECIMENS)


def test_files_were_walked_to_their_end(walk: Walk) -> None:
    """Each format brought moods into the vault and rows into quarantine: the search below is not of an empty house."""
    from analytics.vault.open_database import open_vault  # noqa: PLC0415 -- the commands have the vault before

    with open_vault(walk.home.vault, walk.home.suppression_list) as vault:
        kept = dict(
            vault._connection.execute(
                "SELECT source, count(*) FROM entry JOIN source USING (source_no) GROUP BY ALL"
            ).fetchall()
        )
        refused = {source for _, source, *_ in vault.rows("quarantine_counts")}
    assert {name: kept.get(name, 0) >= 2 for name in SPECIMENS} == dict.fromkeys(SPECIMENS, True)
    assert refused >= set(SPECIMENS) - {"generic"}
    assert len(walk.words) > 15 * len(SPECIMENS)


def test_no_word_is_anywhere_but_in_inbox_and_held_records(walk: Walk, tmp_path: Path) -> None:
    """Vault, quarantine, logs, Prefect's database, temporary and published files, and file names."""
    looked = 0
    for path in [*walk.home.root.rglob("*"), *walk.beside.rglob("*")]:
        inside = path.relative_to(walk.home.root).parts if path.is_relative_to(walk.home.root) else ("tmp",)
        if inside[0] == "inbox":
            continue
        assert b"canary" not in str(inside).lower().encode()
        if path.is_file() and path != walk.home.vault:
            looked += 1
            assert b"canary" not in spellings(path.read_bytes()), inside[-1]
    assert looked > 10
    vault = tmp_path / "vault.duckdb"
    shutil.copy(walk.home.vault, vault)
    assert b"canary" in spellings(vault.read_bytes())
    with closing(duckdb.connect(str(vault))) as connection:
        held = connection.execute("SELECT * EXCLUDE (texts), texts FROM refused_record").fetchall()
        connection.execute("DELETE FROM refused_record")
    assert b"canary" not in spellings(repr([row[:-1] for row in held]).encode())
    # Ids, domains, notes and titles are in none of them: what is read of a mood, its factors and times is.
    keys = {key for *_, texts in held for key in json.loads(texts)}
    assert {"mood", "factors"} <= keys
    assert not {"person_id", "id_domain", "note", "note_title"} & keys
    rebuild(vault, {})
    assert b"canary" not in spellings(vault.read_bytes())


def test_no_word_is_in_what_the_commands_said(walk: Walk) -> None:
    """Answers, progress, errors and their source lines, at the most talkative level."""
    assert b"canary" not in spellings(walk.said)


def test_no_word_is_in_a_row_of_prefect(walk: Walk) -> None:
    """Every column of every table, what is compressed or encoded in the file included."""
    with sqlite3.connect(walk.home.prefect / "prefect.db") as database:
        tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        rows = [row for table in tables for row in database.execute(f'select * from "{table}"')]  # noqa: S608 -- its own names
    assert len(rows) > 20
    assert b"canary" not in spellings(repr(rows).encode())


LEFT = (
    *("home.json", "lock", "ledger/releases.sqlite", "vault/vault.duckdb"),
    *("secret/ledger_head.json", "secret/pseudonym.key", "secret/withdrawn.json"),
    *("prefect/prefect.db", "prefect/server.log", "prefect/memo_store.toml", "prefect/storage/[0-9a-f]{32}"),
    "published/current.json",
    "published/service.json",
    *(f"published/releases/[a-z_]+/[0-9]{{4}}-P[0-9]{{2}}-r0/{name}" for name in ("README.md", "card.json")),
    *(f"published/releases/[a-z_]+/[0-9]{{4}}-P[0-9]{{2}}-r0/{name}" for name in ("cells.parquet", "manifest.json")),
    "published/releases/[a-z_]+/[0-9]{4}-P[0-9]{2}-r0/model.json",
    *(
        f"published/releases/[a-z_]+/[0-9]{{4}}-P[0-9]{{2}}-r0/{name}.{ending}"
        for name in ("measures", "pairs", "signals", "outlook", "representation", "modelled", "past")
        for ending in ("csv", "parquet")
    ),
)
"""All that a full run leaves in a home, beside the contracts and what waits in the inbox."""

SOMETIMES = ("prefect/prefect.db-(wal|shm)",)
"""What SQLite leaves if the flow engine did not end by itself."""


def test_a_full_run_leaves_these_files_and_no_others(walk: Walk) -> None:
    """Each is of a known kind, each kind is there, the contracts are the shipped ones, and beside it is nothing."""
    left = {str(path.relative_to(walk.home.root)) for path in walk.home.root.rglob("*") if path.is_file()}
    shipped = [path for ending in ("yaml", "geojson") for path in shipped_contracts().rglob(f"*.{ending}")]
    contracts = {f"contracts/{path.relative_to(shipped_contracts())}" for path in shipped}
    inbox = {path for path in left if path.startswith("inbox/")}
    assert contracts < left
    rest = left - contracts - inbox
    assert [kind for kind in LEFT if not any(re.fullmatch(kind, path) for path in rest)] == []
    assert [path for path in rest if not any(re.fullmatch(kind, path) for kind in (*LEFT, *SOMETIMES))] == []
    assert {path.split("/")[1] for path in inbox} <= {
        *REGISTER_SOURCES,
        *read_contracts(shipped_contracts(), "small").sources,
    }
    assert list(walk.beside.iterdir()) == []


def test_the_proof_s_own_search_finds_every_word_only_where_it_waits(walk: Walk) -> None:
    """It reads every byte in every spelling and layer, and says how much that was; one torn archive it cannot read."""
    searched = search(walk.home.root, BytePatterns.of(walk.words))
    assert {found.place[0] for found in searched.found} == {"inbox", "vault"}
    assert searched.files == sum(path.is_file() for path in walk.home.root.rglob("*")) > 60
    assert searched.bytes > 4_000_000
    least = {"base64": 10_000, "hex": 500, "json": 20, "sqlite": 30, "duckdb": 10, "parquet": 6, "zip": 1}
    assert {kind for kind, number in least.items() if searched.decoded[kind] < number} == set()
    assert [place[:2] for place in searched.unread] == [("inbox", "daylio_backup")]


def test_who_withdrew_is_nowhere(walk: Walk) -> None:
    """Not even in held records: the commands' own proof says so, and the search that found the others does."""
    assert b"Found: nothing" in walk.said
    assert not search(walk.home.root, BytePatterns.of([walk.leaver])).found
