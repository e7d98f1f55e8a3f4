"""Whom a file names: a file that is kept in `held/` keeps no line of somebody who withdrew."""

import shutil
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analytics.contracts import Source
from analytics.errors import FileRefusedError
from analytics.vault.pseudonym import Pseudonymiser
from analytics.vault.readers import reader_of
from analytics.vault.sealing import sealed

BY_LINE = frozenset({"consents", "fhir", "generic", "participants", "withdrawals"})
"""Formats in which one line holds one record, if the file is not one document: a line can go and the others stand."""

_PART_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Named:
    """What a file says of the people asked for."""

    lines: frozenset[int]
    """On which one of them is named in the column for it."""
    unreadable: bool
    """Whether some lines cannot be read, and may name anybody."""
    others: int
    """How many rows it has besides, unreadable ones included; -1 if the file cannot be read at all."""


@sealed
def named_in(path: Path, source: Source, people: Pseudonymiser, marks: AbstractSet[bytes]) -> Named:
    """Return where a file of several people names one of `marks`; a file that cannot be read may name anybody."""
    if not marks:
        return Named(frozenset(), unreadable=False, others=0)
    lines: set[int] = set()
    unreadable = False
    others = 0
    try:
        for raw in reader_of(source)(path, source):
            theirs = _lines(raw.rows, source, people, marks)
            lines.update(theirs)
            unreadable = unreadable or bool(raw.bad.height)
            others += raw.rows.height - len(theirs) + raw.bad.height
    except FileRefusedError:
        return Named(frozenset(lines), unreadable=True, others=-1)
    return Named(frozenset(lines), unreadable, others)


def _lines(rows: pl.DataFrame, source: Source, people: Pseudonymiser, marks: AbstractSet[bytes]) -> list[int]:
    if "person_id" not in rows.columns or not rows.height:
        return []
    domain = pl.lit(source.id_domain)
    if "id_domain" in rows.columns:
        written = pl.col("id_domain").str.strip_chars()
        domain = pl.when(written == "").then(domain).otherwise(written)
    rows = rows.select("line", "person_id", domain=domain.fill_null(source.id_domain))
    distinct = rows.select("domain", "person_id").unique()
    theirs = [(pair_domain, id_) for pair_domain, id_ in distinct.iter_rows() if people.mark(pair_domain, id_) in marks]
    wanted = pl.DataFrame(theirs, schema={"domain": pl.String, "person_id": pl.String}, orient="row")
    found: list[int] = rows.join(wanted, on=["domain", "person_id"], how="semi")["line"].to_list()
    return found


def struck_copy(path: Path, copy: Path, source: Source, people: Pseudonymiser, marks: AbstractSet[bytes]) -> bool:
    """Copy a file without the lines that name one of `marks`; return whether that could be done.

    A struck line stays as an empty one, so that the others keep their numbers. Lines that cannot be read are copied.
    What is copied is read again: it must name none of them, and have all rows of the others.
    """
    named = named_in(path, source, people, marks)
    struck = named.lines
    if not struck:
        shutil.copyfile(path, copy)
        return True
    if source.format not in BY_LINE:
        return False
    with path.open("rb") as file, copy.open("wb") as kept:
        number = 1
        while part := file.readline(_PART_BYTES):  # however long a line may be
            whole = part.endswith(b"\n")
            kept.write(part if number not in struck else b"\n" * whole)
            number += whole
    left = named_in(copy, source, people, marks)
    return not left.lines and left.others == named.others
