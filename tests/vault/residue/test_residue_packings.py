"""The residue search finds a text in every packing, and lists files that it cannot unpack."""

import base64
import binascii
import bz2
import gzip
import io
import json
import lzma
import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.vault.residue import BytePatterns, Residue, holds_residue, search
from analytics.vault.residue import layers as layers_module
from tests.support.byte_patterns import PATTERNS, PLAIN, SPELLINGS, layers, utf_16
from tests.support.people import CANARY


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
    searched = search(tmp_path, PATTERNS)
    assert Residue(("file",), layer.strip()) in searched.found
    assert searched.decoded[layer.strip().split("/")[-1]] >= 1
    assert searched.unread == []
    (tmp_path / "file").write_bytes(PACKED[layer](FILLING + PLAIN[:-1].encode() + FILLING))
    searched = search(tmp_path, PATTERNS)
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
    assert holds_residue(file, BytePatterns.of([text + CANARY]))


def test_layers_within_layers_are_decoded(tmp_path: Path) -> None:
    """Base64 of a gzip of JSON with escapes is decoded down to the text."""
    inner = "".join(f"\\u{unit:04X}" for unit in utf_16(PLAIN))
    (tmp_path / "file").write_bytes(base64.b64encode(gzip.compress(b'{"a": "' + inner.encode() + b'"}')))
    assert layers(tmp_path) == {"base64/gzip/json"}


def test_a_packing_that_is_too_deep_is_reported(tmp_path: Path) -> None:
    """More layers than are decoded make a file unread."""
    data = PLAIN.encode()
    for _ in range(layers_module.DEPTH + 1):
        data = gzip.compress(data)
    (tmp_path / "file").write_bytes(data)
    assert search(tmp_path, PATTERNS).unread == [("file",)]


@pytest.mark.parametrize("shift", range(-len(PLAIN) - 1, 3))
def test_a_text_over_the_border_of_two_chunks_is_met(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shift: int
) -> None:
    """Where a file is cut for reading does not matter, nor for words, nor for what is encoded."""
    monkeypatch.setattr(layers_module, "CHUNK_BYTES", 4096)
    file = tmp_path / "file"
    file.write_bytes(b"." * (4096 + shift) + PLAIN.encode() + b"." * 5000)
    assert holds_residue(file, PATTERNS)
    assert holds_residue(file, BytePatterns.of([PLAIN[-4:]]))
    file.write_bytes(b"." * (4096 + shift) + b"x" + PLAIN[-4:].encode() + b"." * 5000)
    assert not holds_residue(file, BytePatterns.of([PLAIN[-4:]]))
    file.write_bytes(b"." * (4096 + shift - 30) + base64.b64encode(gzip.compress(PLAIN.encode())) + b"." * 5000)
    assert holds_residue(file, PATTERNS)


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
    found = {(each.place[-1][0], each.layer) for each in search(tmp_path, PATTERNS).found}
    assert found >= {("a", "name"), ("b", "name"), ("c", "name"), ("d", "zip/name"), ("e", "bz2/tar/name")}


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """What a link points at is not part of the folder."""
    (tmp_path / "outside").write_text(PLAIN)
    home = tmp_path / "home"
    home.mkdir()
    (home / "file").symlink_to(tmp_path / "outside")
    (home / "folder").symlink_to(tmp_path)
    searched = search(home, PATTERNS)
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
def test_what_cannot_be_decoded_is_reported(tmp_path: Path, damage: Callable[[], bytes]) -> None:
    """A damaged, encrypted or unknown packing counts as unread, and nothing is raised."""
    (tmp_path / "file").write_bytes(damage())
    assert search(tmp_path, PATTERNS).unread == [("file",)]


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
    assert search(tmp_path, PATTERNS).unread == [("file",)]


def test_a_file_that_is_gone_meanwhile_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that goes between listing and reading counts as unread."""
    monkeypatch.setattr(os, "listdir", lambda _: [f"gone {CANARY}"])
    assert search(tmp_path, PATTERNS).unread == [(f"gone {CANARY}",)]


def test_a_bomb_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member that unpacks to more than the bound counts as unread."""
    monkeypatch.setattr("analytics.vault.residue.parts.MEMBER_BYTES", 3 * 1024 * 1024)
    (tmp_path / "file").write_bytes(gzip.compress(PLAIN.encode() + bytes(4 * 1024 * 1024)))
    searched = search(tmp_path, PATTERNS)
    assert searched.unread == [("file",)]
    assert [each.layer for each in searched.found] == ["gzip"]


def test_a_path_that_is_no_file_is_reported(tmp_path: Path) -> None:
    """A pipe is not opened, which would wait for ever, but listed as unread."""
    os.mkfifo(tmp_path / "pipe")
    assert search(tmp_path, PATTERNS).unread == [("pipe",)]
