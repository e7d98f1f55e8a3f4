"""The proof of an erasure: whatever a person's text stands as, the search meets it, and tells what it cannot read."""

import base64
import binascii
import bz2
import csv
import gzip
import html
import io
import json
import lzma
import os
import pickle
import sqlite3
import struct
import tarfile
import unicodedata
import uuid
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.vault.proof import Found, Needles, Searched, names, search
from analytics.vault.proof import layers as layers_module
from tests.people import CANARY

TEXT = f"{CANARY}: “Zoë's\" <night> & day/50% \\ 😀"
PLAIN = f"{CANARY}-0042"
SECRET = bytes.fromhex("00c27f5cb2417822e94127d80aff3d91")
NEEDLES = Needles.of([TEXT, PLAIN], [SECRET])


def layers(root: Path, needles: Needles = NEEDLES) -> set[str]:
    """Return the layers in which a folder holds a needle."""
    return {found.layer for found in search(root, needles).found}


def doubled(text: str) -> str:
    """Return a text as a CSV field."""
    file = io.StringIO()
    csv.writer(file).writerow([text])
    return file.getvalue()


SPELLINGS: dict[str, Callable[[str], bytes]] = {
    "as given": str.encode,
    "in other case": lambda text: text.swapcase().encode(),
    "in capitals": lambda text: text.upper().encode(),
    "normalised": lambda text: unicodedata.normalize("NFC", text).encode(),
    "decomposed": lambda text: unicodedata.normalize("NFD", text).encode(),
    "compatible": lambda text: unicodedata.normalize("NFKC", text).encode(),
    "UTF-16, small end first": lambda text: text.encode("utf-16-le"),
    "UTF-16, large end first": lambda text: text.encode("utf-16-be"),
    "JSON": lambda text: json.dumps(text).encode(),
    "JSON in capitals": lambda text: json.dumps(text).replace("\\ud83d", "\\uD83D").encode(),
    "JSON beyond ASCII": lambda text: json.dumps(text, ensure_ascii=False).encode(),
    "JSON with escaped slashes": lambda text: json.dumps(text).replace("/", "\\/").encode(),
    "JSON with all escaped": lambda text: "".join(f"\\u{unit:04x}" for unit in utf_16(text)).encode(),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)).encode(),
    "an address": lambda text: quote(text, safe="").encode(),
    "an address with slashes": lambda text: quote(text).encode(),
    "a form": lambda text: quote_plus(text).encode(),
    "HTML": lambda text: html.escape(text).encode(),
    "HTML with plain quotes": lambda text: html.escape(text, quote=False).encode(),
    "HTML in ASCII": lambda text: html.escape(text).encode("ascii", "xmlcharrefreplace"),
    "CSV": lambda text: doubled(text).encode(),
    "SQL": lambda text: text.replace("'", "''").encode(),
    "Python": lambda text: repr(text).encode(),
    "Python in ASCII": lambda text: ascii(text).encode(),
    "Python's bytes": lambda text: repr(text.encode()).encode(),
    "hex": lambda text: text.encode().hex().encode(),
    "a pickle": pickle.dumps,
}


def utf_16(text: str) -> list[int]:
    """Return a text's units of 16 bits."""
    data = text.encode("utf-16-be")
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]


@pytest.mark.parametrize("text", [TEXT, PLAIN], ids=["a phrase", "an id"])
@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_a_text_is_met_in_every_spelling(tmp_path: Path, spelling: Callable[[str], bytes], text: str) -> None:
    """A text is found however it is encoded or escaped."""
    (tmp_path / "file").write_bytes(b"before, " + spelling(text) + b" after")
    assert layers(tmp_path)


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_half_a_text_is_not_a_text(tmp_path: Path, spelling: Callable[[str], bytes]) -> None:
    """The first half of a text is not found, in no spelling."""
    (tmp_path / "file").write_bytes(spelling(PLAIN[:-2]) + b"\n" + spelling(TEXT[: len(TEXT) // 2]))
    assert layers(tmp_path) == set()


def test_latin_1_is_met(tmp_path: Path) -> None:
    """A text that Latin-1 can write is found in Latin-1, and in an address made of it."""
    needles = Needles.of([f"{CANARY} Zoë"])
    for number, data in enumerate((f"{CANARY} Zoë".encode("latin-1"), f"{CANARY}%20Zo%EB".encode())):
        file = tmp_path / str(number)
        file.write_bytes(data)
        assert names(file, needles)


def as_duckdb_writes(secret: bytes) -> str:
    """Return a blob as DuckDB's text."""
    with duckdb.connect() as opened:
        return str(opened.execute("SELECT $1::BLOB::VARCHAR", [secret]).fetchall()[0][0])


NOTATIONS: dict[str, Callable[[bytes], bytes]] = {
    "raw": bytes,
    "hex": lambda secret: secret.hex().encode(),
    "hex in capitals": lambda secret: secret.hex().upper().encode(),
    "escaped hex": lambda secret: "".join(f"\\x{byte:02X}" for byte in secret).encode(),
    "DuckDB's text": lambda secret: as_duckdb_writes(secret).encode(),
    "a UUID": lambda secret: str(uuid.UUID(bytes=secret)).encode(),
    "a number": lambda secret: str(int.from_bytes(secret, "big")).encode(),
    "Python's bytes": lambda secret: repr(secret).encode(),
    "Python's bytes in JSON": lambda secret: json.dumps(repr(secret)).encode(),
    "base64": base64.b64encode,
    "base64 after one byte": lambda secret: base64.b64encode(b"x" + secret + b"y"),
    "base64 after two bytes": lambda secret: base64.b64encode(b"xx" + secret + b"yy"),
    "base64 for addresses": lambda secret: base64.urlsafe_b64encode(b"x" + secret),
}


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=NOTATIONS)
def test_a_secret_is_met_in_every_notation(tmp_path: Path, notation: Callable[[bytes], bytes]) -> None:
    """A pseudonym is found however its bytes are written; another one is not."""
    (tmp_path / "file").write_bytes(b"(" + notation(SECRET) + b")")
    assert layers(tmp_path)
    (tmp_path / "file").write_bytes(b"(" + notation(SECRET[:-1] + b"\0") + b")")
    assert not layers(tmp_path)


@pytest.mark.parametrize("before", range(3))
def test_short_base64_is_met_at_every_alignment(tmp_path: Path, before: int) -> None:
    """Base64 too short to be decoded is found by its own digits, and in its own case only."""
    file = tmp_path / "file"
    needles = Needles.of([f"{CANARY}7"])
    digits = base64.b64encode(b"x" * before + f"{CANARY}7".encode())
    assert len(digits) < 24
    file.write_bytes(digits)
    assert names(file, needles)
    file.write_bytes(digits.swapcase())
    assert not names(file, needles)


def zip_of(data: bytes) -> bytes:
    """Return a zip of one member."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("member", data)
    return file.getvalue()


def tar_of(data: bytes) -> bytes:
    """Return a packed tar of one member."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        member = tarfile.TarInfo("member")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return file.getvalue()


def mail_of(data: bytes) -> bytes:
    """Return base64 over lines, as mail has it."""
    return b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(data) + b"\n-- \nend"


def parquet_of(data: bytes) -> bytes:
    """Return a Parquet file, packed by zstd, with a text, and with bytes in a list in a struct."""
    file = io.BytesIO()
    frame = pl.DataFrame({"n": [1], "text": [data.decode("latin-1")], "nested": [{"list": [data]}]})
    frame.write_parquet(file, compression="zstd")
    return file.getvalue()


def arrow_of(data: bytes) -> bytes:
    """Return an Arrow file."""
    file = io.BytesIO()
    pl.DataFrame({"bytes": [None, data]}).write_ipc(file, compression="zstd")
    return file.getvalue()


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zlib": zlib.compress,
    "zstd": lambda data: bytes(pa.compress(data, "zstd", asbytes=True)),
    "zip": zip_of,
    "gzip/tar": tar_of,
    "base64": lambda data: base64.b64encode(data + bytes(24)),
    "base64 ": mail_of,
    "base64  ": lambda data: json.dumps(mail_of(data).decode()).encode(),
    "base64   ": lambda data: b"path/" + base64.urlsafe_b64encode(b"\xff" + data + bytes(24)),
    "hex": lambda data: b"0" + binascii.hexlify(bytes(16) + data),
    "parquet": parquet_of,
    "arrow": arrow_of,
    "utf-16": lambda data: data.decode("latin-1").encode("utf-16"),
}
FILLING = b", ".join(b"%d" % (number * 7919) for number in range(300))


@pytest.mark.parametrize("layer", PACKED)
def test_a_text_is_met_in_every_packing(tmp_path: Path, layer: str) -> None:
    """A text is found in packed bytes, and the layer says how it was decoded; without it nothing is."""
    (tmp_path / "file").write_bytes(PACKED[layer](FILLING + PLAIN.encode() + FILLING))
    searched = search(tmp_path, NEEDLES)
    assert Found(("file",), layer.strip()) in searched.found
    assert searched.decoded[layer.strip().split("/")[-1]] >= 1
    assert searched.unread == []
    (tmp_path / "file").write_bytes(PACKED[layer](FILLING + PLAIN[:-1].encode() + FILLING))
    searched = search(tmp_path, NEEDLES)
    assert (searched.found, searched.unread) == ([], [])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=6).filter(lambda text: len(text.strip()) >= 6),
    layer=st.sampled_from([layer for layer in PACKED if layer not in {"parquet", "arrow", "utf-16"}]),
    spelling=st.sampled_from([name for name in SPELLINGS if name not in {"in other case", "in capitals"}]),
)
def test_any_text_is_met(tmp_path: Path, text: str, layer: str, spelling: str) -> None:
    """Any text of six characters or more is found in any spelling in any packing."""
    file = tmp_path / "file"
    file.write_bytes(PACKED[layer](FILLING + b" " + SPELLINGS[spelling](text + CANARY) + b" " + FILLING))
    assert names(file, Needles.of([text + CANARY]))


def test_layers_within_layers_are_decoded(tmp_path: Path) -> None:
    """Base64 of a gzip of JSON with escapes is decoded down to the text."""
    inner = "".join(f"\\u{unit:04X}" for unit in utf_16(PLAIN))
    (tmp_path / "file").write_bytes(base64.b64encode(gzip.compress(b'{"a": "' + inner.encode() + b'"}')))
    assert layers(tmp_path) == {"base64/gzip/json"}


def test_what_lies_too_deep_is_told(tmp_path: Path) -> None:
    """More layers than are decoded make a file unread."""
    data = PLAIN.encode()
    for _ in range(layers_module.DEPTH + 1):
        data = gzip.compress(data)
    (tmp_path / "file").write_bytes(data)
    assert search(tmp_path, NEEDLES).unread == [("file",)]


@pytest.mark.parametrize("shift", range(-len(PLAIN) - 1, 3))
def test_a_text_over_the_border_of_two_chunks_is_met(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shift: int
) -> None:
    """Where a file is cut for reading does not matter, nor for words, nor for what is encoded."""
    monkeypatch.setattr(layers_module, "CHUNK_BYTES", 4096)
    file = tmp_path / "file"
    file.write_bytes(b"." * (4096 + shift) + PLAIN.encode() + b"." * 5000)
    assert names(file, NEEDLES)
    assert names(file, Needles.of([PLAIN[-4:]]))
    file.write_bytes(b"." * (4096 + shift) + b"x" + PLAIN[-4:].encode() + b"." * 5000)
    assert not names(file, Needles.of([PLAIN[-4:]]))
    file.write_bytes(b"." * (4096 + shift - 30) + base64.b64encode(gzip.compress(PLAIN.encode())) + b"." * 5000)
    assert names(file, NEEDLES)


def test_packed_base64_longer_than_a_chunk_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long run of base64 over many chunks is one run: what is packed in it is unpacked."""
    monkeypatch.setattr(layers_module, "CHUNK_BYTES", 4096)
    (tmp_path / "file").write_bytes(
        base64.encodebytes(gzip.compress(os.urandom(20_000).hex().encode() + PLAIN.encode() * 3))
    )
    assert layers(tmp_path) == {"base64/gzip"}


def test_names_are_searched(tmp_path: Path) -> None:
    """Names of files, folders, links, what a link points with, and names inside a zip and a tar are searched."""
    (tmp_path / f"a {PLAIN}").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / f"b {PLAIN}.csv").touch()
    (tmp_path / "c").symlink_to(f"/nowhere/{PLAIN}")
    with zipfile.ZipFile(tmp_path / "d", "w") as archive:
        archive.writestr(f"{PLAIN}.txt", b"")
    with tarfile.open(tmp_path / "e", "w:bz2") as packed:
        packed.addfile(tarfile.TarInfo(f"{PLAIN}.txt"))
    found = {(each.place[-1][0], each.layer) for each in search(tmp_path, NEEDLES).found}
    assert found >= {("a", "name"), ("b", "name"), ("c", "name"), ("d", "zip/name"), ("e", "bz2/tar/name")}


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """What a link points at is not part of the folder."""
    (tmp_path / "outside").write_text(PLAIN)
    home = tmp_path / "home"
    home.mkdir()
    (home / "file").symlink_to(tmp_path / "outside")
    (home / "folder").symlink_to(tmp_path)
    searched = search(home, NEEDLES)
    assert (searched.files, searched.found, searched.unread) == (0, [], [])


@pytest.mark.parametrize(
    "damage",
    [
        lambda: zip_of(PLAIN.encode())[:-30],
        lambda: gzip.compress(PLAIN.encode() * 1000)[:-9],
        lambda: tar_of(os.urandom(9000))[:3000],
        lambda: b"SQLite format 3\0" + bytes(600),
        lambda: bytes(8) + b"DUCK" + bytes(9000),
        lambda: b"PAR1" + bytes(90),
        lambda: b"7z\xbc\xaf\x27\x1c" + bytes(90),
        lambda: zip_of(b"").replace(b"\0\0\x08\0", b"\x01\0\x08\0"),
    ],
    ids=["zip", "gzip", "tar", "SQLite", "DuckDB", "Parquet", "7z", "encrypted zip"],
)
def test_what_cannot_be_decoded_is_told(tmp_path: Path, damage: Callable[[], bytes]) -> None:
    """A damaged, encrypted or unknown packing is told as unread, and nothing is raised."""
    (tmp_path / "file").write_bytes(damage())
    assert search(tmp_path, NEEDLES).unread == [("file",)]


def test_a_damaged_file_is_searched_as_far_as_it_goes(tmp_path: Path) -> None:
    """What a cut packed file still says is searched."""
    (tmp_path / "file").write_bytes(gzip.compress(PLAIN.encode() * 3 + os.urandom(90_000).hex().encode())[:-900])
    assert layers(tmp_path) == {"gzip"}


def test_a_damaged_arrow_file_ends_nothing(tmp_path: Path) -> None:
    """Offsets that point outside an Arrow file make it unread, and do not end the process."""
    table = pa.table({"a": pa.array(["." * 37], pa.string())})
    with pa.ipc.new_file(tmp_path / "file", table.schema) as file:
        file.write_table(table)
    data = (tmp_path / "file").read_bytes()
    planted = data.replace(struct.pack("<ii", 0, 37), struct.pack("<ii", 0, 1_000_000_000))
    assert planted != data
    (tmp_path / "file").write_bytes(planted)
    assert search(tmp_path, NEEDLES).unread == [("file",)]


def test_what_is_gone_meanwhile_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that goes between listing and reading is told as unread."""
    monkeypatch.setattr(os, "listdir", lambda _: [f"gone {CANARY}"])
    assert search(tmp_path, NEEDLES).unread == [(f"gone {CANARY}",)]


def test_a_bomb_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member that unpacks to more than the bound is told as unread."""
    monkeypatch.setattr("analytics.vault.proof.parts.MEMBER_BYTES", 3 * 1024 * 1024)
    (tmp_path / "file").write_bytes(gzip.compress(PLAIN.encode() + bytes(4 * 1024 * 1024)))
    searched = search(tmp_path, NEEDLES)
    assert searched.unread == [("file",)]
    assert [each.layer for each in searched.found] == ["gzip"]


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    """A pipe is not opened, which would wait for ever, but told."""
    os.mkfifo(tmp_path / "pipe")
    assert search(tmp_path, NEEDLES).unread == [("pipe",)]


def sqlite_file(path: Path | str, *statements: tuple[str, tuple[object, ...]]) -> sqlite3.Connection:
    """Return an open SQLite file in which statements were run."""
    opened = sqlite3.connect(path)
    for sql, values in statements:
        opened.execute(sql, values)
    opened.commit()
    return opened


def test_a_long_value_in_sqlite_is_met(tmp_path: Path) -> None:
    """A text over the pages of a SQLite file is found, where the raw bytes are broken by page heads."""
    for at in range(5000, 10_000, 5):
        text = "." * at + PLAIN + "." * (10_000 - at)
        opened = sqlite_file(":memory:", ('CREATE TABLE "a ""b"(x)', ()), ('INSERT INTO "a ""b" VALUES (?)', (text,)))
        if PLAIN.encode() not in opened.serialize():
            break
    (tmp_path / "file").write_bytes(opened.serialize())
    searched = search(tmp_path, NEEDLES)
    assert (searched.found, searched.unread) == ([Found(("file",), "sqlite")], [])


def test_what_is_left_of_deleted_rows_in_sqlite_is_met(tmp_path: Path) -> None:
    """A long text whose row is gone, but whose pages are not yet used again, is found over their heads."""
    text = ("." * 37 + PLAIN) * 1000
    opened = sqlite_file(
        tmp_path / "file",
        ("PRAGMA secure_delete = 0", ()),
        ("CREATE TABLE t(x)", ()),
        ("INSERT INTO t VALUES (?)", (text,)),
        ("DELETE FROM t", ()),
    )
    opened.close()
    assert "sqlite" in layers(tmp_path)


def test_values_in_sqlite_are_decoded(tmp_path: Path) -> None:
    """A packed blob in a SQLite file is unpacked, and a text in a file of UTF-16 is read."""
    sqlite_file(
        tmp_path / "file",
        ("PRAGMA encoding = 'UTF-16le'", ()),
        ("CREATE TABLE t(x)", ()),
        ("INSERT INTO t VALUES (?)", (gzip.compress(PLAIN.encode()),)),
        ("INSERT INTO t VALUES (?)", (TEXT,)),
    ).close()
    assert {"sqlite", "sqlite/gzip"} <= layers(tmp_path)


def test_sqlite_s_log_is_read(tmp_path: Path) -> None:
    """A row that is in the write-ahead log alone is found in its file, and nothing is changed or left beside."""
    opened = sqlite_file(tmp_path / "file", ("PRAGMA journal_mode = wal", ()), ("CREATE TABLE t(x)", ()))
    opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    opened.execute("INSERT INTO t VALUES (?)", (gzip.compress(PLAIN.encode()),))
    opened.commit()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if not path.name.endswith("-shm")}
    searched = search(tmp_path, NEEDLES)
    assert Found(("file",), "sqlite/gzip") in searched.found
    assert searched.unread == []
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir() if not path.name.endswith("-shm")}
    assert after == before
    opened.close()


def duckdb_file(path: Path, *statements: str) -> None:
    """Make a DuckDB file by statements; `$text` and `$secret` are a person's."""
    with duckdb.connect(str(path)) as opened:
        for sql in statements:
            wanted = {"text": PLAIN, "secret": SECRET}
            opened.execute(sql, {name: value for name, value in wanted.items() if f"${name}" in sql})


@pytest.mark.parametrize(
    "table",
    [
        "SELECT $text || repeat('x', 40) AS a FROM range(100_000)",
        "SELECT MAP {'k': [$text, NULL]} AS a FROM range(3)",
        "SELECT MAP {$secret: 1} AS a FROM range(3)",
        "SELECT {'k': {'l': $secret}} AS a FROM range(3)",
        "SELECT $secret AS a FROM range(100_000)",
        "SELECT $secret::BLOB::VARCHAR AS a FROM range(3)",
        "SELECT $text::ENUM('CANARY-0042', 'b') AS a FROM range(3)",
        "SELECT union_value(v := $text) AS a FROM range(3)",
        "SELECT json_object('k', $text) AS a",
    ],
    ids=[
        "repeated",
        "map of lists",
        "map of bytes",
        "struct of bytes",
        "bytes",
        "text of bytes",
        "enum",
        "union",
        "JSON",
    ],
)
def test_duckdb_s_columns_are_met(tmp_path: Path, table: str) -> None:
    """Texts and bytes in a DuckDB file's columns are found, packed or nested as they are."""
    duckdb_file(tmp_path / "file", f"CREATE TABLE t AS {table}")
    searched = search(tmp_path, NEEDLES)
    assert Found(("file",), "duckdb") in searched.found
    assert searched.unread == []
    assert searched.decoded["duckdb"] == 1


def test_duckdb_s_wide_numbers_are_met(tmp_path: Path) -> None:
    """A pseudonym kept as a number or a UUID is found."""
    for kind in ("UHUGEINT", "UUID"):
        wanted = int.from_bytes(SECRET, "big") if kind == "UHUGEINT" else uuid.UUID(bytes=SECRET)
        duckdb_file(tmp_path / kind, f"CREATE TABLE t(n {kind})", f"INSERT INTO t VALUES ('{wanted}')")  # noqa: S608 -- ours
    assert {each.place for each in search(tmp_path, NEEDLES).found if each.layer == "duckdb"} == {
        ("UHUGEINT",),
        ("UUID",),
    }


def test_a_duckdb_file_without_it_is_read_and_clean(tmp_path: Path) -> None:
    """A DuckDB file of everything else is read to its end, and no needle is found in it."""
    duckdb_file(
        tmp_path / "file",
        "CREATE SCHEMA s",
        'CREATE TABLE s."a ""b.c"("x ""y.z" VARCHAR, i INTEGER, d DATE, t TIMESTAMPTZ, b BIT, z DECIMAL(9,2))',
        """INSERT INTO s."a ""b.c" VALUES ('other', 1, '2026-01-01', '2026-01-01', '101', 5)""",
        'CREATE VIEW v AS SELECT * FROM s."a ""b.c"',
    )
    searched = search(tmp_path, NEEDLES)
    assert (searched.found, searched.unread, searched.decoded["duckdb"]) == ([], [], 1)


def test_duckdb_s_log_is_read(tmp_path: Path) -> None:
    """A row that is in a DuckDB file's write-ahead log alone is found in its file, and nothing is changed."""
    home = tmp_path / "home"
    home.mkdir()
    with duckdb.connect(str(tmp_path / "file")) as opened:
        opened.execute("CREATE TABLE t(a BLOB)")
        opened.execute("CHECKPOINT")
        opened.execute("INSERT INTO t VALUES ($1)", [gzip.compress(PLAIN.encode())])
        for name in ("file", "file.wal"):
            (home / name).write_bytes((tmp_path / name).read_bytes())
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    searched = search(home, NEEDLES)
    assert (searched.found, searched.unread) == ([Found(("file",), "duckdb/gzip")], [])
    assert {path.name: path.read_bytes() for path in home.iterdir()} == before


def test_an_open_duckdb_file_is_told(tmp_path: Path) -> None:
    """A DuckDB file that this process has open is told as unread, and its bytes are searched."""
    with duckdb.connect(str(tmp_path / "file")) as opened:
        opened.execute("CREATE TABLE t(a VARCHAR)")
        opened.execute("CHECKPOINT")
        assert search(tmp_path, NEEDLES).unread == [("file",)]


SHORT = "CAN-7"


@pytest.mark.parametrize("text", ["CAN-7", "id CAN-7.", "(can-7)", "é CAN-7 é", "a,CAN-7\n", "\xa0CAN-7\xa0", "CAN-7…"])
def test_a_short_id_is_met_as_a_word(tmp_path: Path, text: str) -> None:
    """A short id is found where it stands alone, in one byte a letter or two."""
    for number, encoding in enumerate(("utf-8", "utf-16-le", "utf-16-be")):
        file = tmp_path / str(number)
        file.write_bytes(text.encode(encoding))
        assert names(file, Needles.of([SHORT]))


@pytest.mark.parametrize("text", ["CAN-71", "xCAN-7", "éCAN-7", "CAN-7é", "CAN-7\u0416", "\U0001d400CAN-7"])
def test_a_short_id_inside_a_word_is_not_met(tmp_path: Path, text: str) -> None:
    """A short id inside a longer word is somebody else's."""
    for number, encoding in enumerate(("utf-8", "utf-16-le", "utf-16-be")[: 1 if not text.isascii() else None]):
        file = tmp_path / str(number)
        file.write_bytes(text.encode(encoding))
        assert not names(file, Needles.of([SHORT]))


def test_many_digits_hold_no_short_number(tmp_path: Path) -> None:
    """A short number is found among many longer ones only where it stands by itself."""
    needles = Needles.of(["1042", "77"])  # no CANARY: only digits make the case
    file = tmp_path / "file"
    file.write_bytes(b",".join(b"1042%d77" % number for number in range(100_000)))
    assert not names(file, needles)
    file.write_bytes(file.read_bytes() + b",1042,")
    assert names(file, needles)


def test_values_side_by_side_are_not_one_text(tmp_path: Path) -> None:
    """Two values of a column are not read as one."""
    duckdb_file(tmp_path / "file", "CREATE TABLE t AS SELECT unnest([$text[:6], $text[7:]]) AS a")
    assert "duckdb" not in layers(tmp_path)


def test_needles_show_nothing() -> None:
    """Neither needles nor what was found show a person in their repr."""
    assert CANARY.lower() not in repr(NEEDLES).lower()
    assert CANARY not in repr(Searched(found=[Found((PLAIN,), "name")], unread=[(PLAIN,)]))


@pytest.mark.parametrize(("texts", "secrets"), [([""], []), ([" \n"], []), ([], []), ([PLAIN], [b"1234"])])
def test_nothing_is_no_needle(texts: list[str], secrets: list[bytes]) -> None:
    """An empty text would be met everywhere, and is refused like a secret of a few bytes."""
    with pytest.raises(ValueError, match=r"empty|secret|nothing"):
        Needles.of(texts, secrets)
