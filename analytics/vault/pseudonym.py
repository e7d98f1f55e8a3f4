"""Pseudonyms: HMAC-SHA-256(key, id domain || 0x00 || id), kept as 128 bits."""

import hmac
import secrets
import unicodedata
from pathlib import Path

import polars as pl

from analytics.errors import StoreDamagedError

KEY_BYTES = 32
PSEUDONYM_BYTES = 16


def new_key() -> bytes:
    """Return a fresh random key."""
    return secrets.token_bytes(KEY_BYTES)


def read_key(path: Path) -> bytes:
    """Return the home's key.

    Raises:
        StoreDamagedError: if it is absent or not whole: under a new key every person would count as a new one.
    """
    key = path.read_bytes() if path.is_file() else b""
    if len(key) != KEY_BYTES:
        message = "The pseudonym key is missing or not whole."
        raise StoreDamagedError(message, "Restore secret/pseudonym.key from your backup; never make a new one.")
    return key


def normalised(text: str) -> str:
    """Return an id without outer white space, in Unicode NFC: ids that then collide are one person."""
    return unicodedata.normalize("NFC", text.strip())


def keyed_hash(key: bytes, *parts: str) -> bytes:
    """Return the HMAC of `parts` joined by 0x00 (which the readers refuse inside a row)."""
    return hmac.digest(key, b"\x00".join(part.encode() for part in parts), "sha256")


def suppression_hash(key: bytes, pseudonym: bytes) -> bytes:
    """Return the hash of a person for the suppression list: of three parts, so that no domain and id give the same."""
    return keyed_hash(key, "withdrawn", "mark", pseudonym.hex())[:PSEUDONYM_BYTES]


def key_check(key: bytes) -> bytes:
    """Return the hash by which the vault knows its key: of four parts, so that it equals no hash of a person."""
    return keyed_hash(key, "home", "key", "check", "")[:PSEUDONYM_BYTES]


class Pseudonymiser:
    """Turns (domain, id) into pseudonyms and suppression hashes; forgets them at the end of its command or file."""

    def __init__(self, key: bytes) -> None:
        """Hold the key."""
        self._key = key
        self._known: dict[tuple[str, str], bytes] = {}
        self._suppression_hashes: dict[tuple[str, str], bytes] = {}

    def __repr__(self) -> str:
        """Hide key and ids."""
        return "Pseudonymiser(…)"

    def column(self, domains: pl.Series, ids: pl.Series) -> pl.Series:
        """Return one 16-byte pseudonym per row; each distinct pair is hashed once."""
        pairs = pl.DataFrame({"domain": domains, "id": ids})
        distinct = pairs.unique()
        pseudonyms = pl.Series([self.of(domain, id_) for domain, id_ in distinct.iter_rows()], dtype=pl.Binary)
        return pairs.join(
            distinct.with_columns(pseudonym=pseudonyms), on=["domain", "id"], how="left", maintain_order="left"
        )["pseudonym"]

    def suppression_hash_column(self, pseudonyms: pl.Series) -> pl.Series:
        """Return the suppression hash of each pseudonym."""
        distinct = pseudonyms.unique()
        hashes = [suppression_hash(self._key, pseudonym) for pseudonym in distinct]
        return pseudonyms.replace_strict(distinct, pl.Series(hashes, dtype=pl.Binary), return_dtype=pl.Binary)

    def own_id_column(self, ids: pl.Series) -> pl.Series:
        """Return one keyed 64-bit number per source's own id: unique within a person and source."""
        return pl.Series(
            [
                int.from_bytes(keyed_hash(self._key, "entry id", normalised(text))[:8], "big", signed=True)
                for text in ids
            ],
            dtype=pl.Int64,
        )

    def of(self, domain: str, id_: str) -> bytes:
        """Return the pseudonym of an id of a domain."""
        pair = (normalised(domain), normalised(id_))
        if pair not in self._known:
            self._known[pair] = keyed_hash(self._key, *pair)[:PSEUDONYM_BYTES]
        return self._known[pair]

    def suppression_hash(self, domain: str, id_: str) -> bytes:
        """Return the suppression hash of an id of a domain."""
        if (domain, id_) not in self._suppression_hashes:
            self._suppression_hashes[domain, id_] = suppression_hash(self._key, self.of(domain, id_))
        return self._suppression_hashes[domain, id_]
