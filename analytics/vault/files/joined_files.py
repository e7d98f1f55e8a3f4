"""Ingest many small files with an owner each at once: read one by one, then checked and stored together.

The cost of a file besides its rows (a transaction, a query of all consents, dozens of small frames) is then paid once
for some hundreds of files. A file that is refused while it is read adds no row to the group. No person owns two files
of a group, so that a later file finds the rows of an earlier one.
"""

from dataclasses import dataclass, field, replace

import polars as pl

from analytics.contracts import Contracts, Source
from analytics.vault.database import Vault
from analytics.vault.erasure.rows import apply_suppression_list
from analytics.vault.error_boundary import sealed
from analytics.vault.ingest import check_owner
from analytics.vault.loading.batches import record_batches
from analytics.vault.loading.entries import EntryLoader
from analytics.vault.loading.factor_bits import FactorBits, settle_factors
from analytics.vault.loading.file import Batch, FileLoad, FileReport
from analytics.vault.loading.held_records import hold
from analytics.vault.pseudonym import Pseudonymiser
from analytics.vault.readers import holds_several, reader_of
from analytics.vault.readers.shared.rows import RawRows
from analytics.vault.validation.entries import check_entries
from analytics.vault.validation.rules import JUDGED_SCHEMA, Checked

MOST_BYTES = 4 * 1024 * 1024
"""A larger file is ingested by itself: the memory of a group is bounded."""

MOST_FILES, MOST_ROWS = 500, 50_000
"""A group with as many is stored before the next file is read."""

_PLACES = 1 << 40
"""A row's number in a group is that of its line and, times this, the place of its file: no file has as many lines."""


@dataclass
class _Group(FileLoad):
    """The files of a group as one; the place of each file is used in place of its owner's id."""

    owners: list[bytes] = field(default_factory=list, repr=False)

    def owners_of(self, ids: pl.Series) -> list[bytes]:
        """Return the pseudonym of the owner of the file at each place."""
        return [self.owners[int(place)] for place in ids]


@dataclass(frozen=True)
class _FilePart:
    """A part of one file of a group, and which of its rows a check refused."""

    place: int
    """The file's place in the group."""
    raw: RawRows = field(repr=False)
    bad: pl.DataFrame = field(repr=False)
    """`JUDGED_SCHEMA`, by the part's own lines and places."""


def _with_bad(parts: list[_FilePart], bad: pl.DataFrame) -> list[_FilePart]:
    """Return the parts with refused rows; `bad` is of all their rows, one part after the other."""
    found: list[_FilePart] = []
    start = 0
    for part in parts:
        height = part.raw.rows.height
        own = bad.filter(pl.col("place").is_between(start, start + height, closed="left"))
        if own.height or part.raw.bad.height:
            own = own.with_columns(
                line=pl.col("line") % _PLACES, place=(pl.col("place") - start).cast(bad.schema["place"])
            )
            found.append(replace(part, bad=own))
        start += height
    return found


class JoinedFiles:
    """A group of files of one source, with an owner each."""

    def __init__(self, vault: Vault, source: Source, contracts: Contracts) -> None:
        """Begin without files."""
        self._vault = vault
        self._source = source
        self._contracts = contracts
        self._batches: list[Batch] = []
        self._owners: set[bytes] = set()
        self._parts: dict[tuple[str, ...], list[_FilePart]] = {}
        self._reports: list[FileReport] = []
        self._refused: list[_FilePart] = []
        self._rows = 0

    @staticmethod
    def accepts(source: Source, batch: Batch) -> bool:
        """Return whether a file may be in a group: it is small, has an owner, and holds entries only."""
        owned = source.person == "file" and batch.owner is not None
        return owned and not holds_several(source) and batch.path.stat().st_size <= MOST_BYTES

    def full(self, batch: Batch) -> bool:
        """Return whether the group must be stored before `batch` can be added."""
        return batch.owner in self._owners or len(self._batches) >= MOST_FILES or self._rows >= MOST_ROWS

    @sealed
    def add(self, batch: Batch) -> bool:
        """Read a file; return False if it holds more than entries, and has to be ingested by itself.

        Raises:
            FileRefusedError: for its header, container or declaration; it is not in the group then.
        """
        check_owner(self._source, batch)
        raws = list(reader_of(self._source)(batch.path, self._source))
        if any(raw.kind != "entry" for raw in raws):
            return False
        place, report = len(self._batches), FileReport()
        self._batches.append(batch)
        self._owners.add(batch.owner or b"")
        self._reports.append(report)
        for raw in raws:
            self._add(place, report, raw)
        return True

    def _add(self, place: int, report: FileReport, raw: RawRows) -> None:
        report.read += raw.bad.height + raw.rows.height
        report.free_text_dropped += raw.free_text_fields
        report.passed_over += raw.passed_over
        self._rows += raw.rows.height
        part = _FilePart(place, raw, pl.DataFrame(schema=JUDGED_SCHEMA))
        if raw.rows.height:
            self._parts.setdefault(tuple(raw.rows.columns), []).append(part)
        elif raw.bad.height:
            self._refused.append(part)

    @sealed
    def ingest(self) -> list[FileReport]:
        """Store the group in one transaction; return the files' reports in their order.

        The first file's report counts for the whole group what became of rows that passed every check: of files with
        an owner only sums are reported.
        """
        if not self._batches:
            return []
        apply_suppression_list(self._vault)
        bits = settle_factors(self._vault, self._contracts.mood_entry)
        with self._vault.transaction():
            group = self._opened(bits)
            loader = EntryLoader(group)
            for parts in self._parts.values():
                checked = self._checked(group, parts)
                self._reports[0].factors_dropped += checked.factors_dropped
                self._refused += _with_bad(parts, checked.bad)
                if checked.good.height:
                    loader.load(checked)
            self._refuse(group)
            record_batches(self._vault, self._source, self._batches)
            self._vault.forget("covered_person")
        self._vault.check_kept(*(batch.number for batch in self._batches))
        self._reports[0] = self._reports[0].and_then(group.report)
        return self._reports

    def _opened(self, bits: FactorBits) -> _Group:
        vault, first = self._vault, self._batches[0]
        return _Group(
            vault,
            replace(first, owner=None),
            self._source,
            self._contracts,
            people=Pseudonymiser(first.key),
            bits=bits,
            source_no=vault.source_no(self._source.name),
            first_at=first.now,
            owners=[batch.owner or b"" for batch in self._batches],
        )

    def _checked(self, group: FileLoad, parts: list[_FilePart]) -> Checked:
        places = pl.concat([pl.repeat(one.place, one.raw.rows.height, dtype=pl.Int64, eager=True) for one in parts])
        rows = pl.concat([one.raw.rows for one in parts]).with_columns(line=pl.col("line") + places * _PLACES)
        checked = check_entries(rows, self._source, self._contracts.mood_entry, group.bits, self._batches[0].now)
        numbers = pl.Series([batch.number for batch in self._batches], dtype=pl.Int64)
        codes = (checked.good["line"] // _PLACES).cast(pl.UInt32)
        good = checked.good.with_columns(person_code=codes, batch_no=numbers.gather(codes))
        persons = pl.Series([str(place) for place in range(len(self._batches))], dtype=pl.String)
        return Checked(good, checked.bad, persons, checked.factors_dropped)

    def _refuse(self, group: _Group) -> None:
        """Count the refused rows of each file, and hold the records that wait for another try."""
        by_file: dict[int, list[_FilePart]] = {}
        for part in self._refused:
            by_file.setdefault(part.place, []).append(part)
        for place, parts in by_file.items():
            batch = self._batches[place]
            file = FileLoad(
                group.vault,
                batch,
                group.source,
                group.contracts,
                people=group.people,
                bits=group.bits,
                source_no=group.source_no,
                first_at=batch.now,
            )
            for part in parts:
                file.part = part.raw
                file.refuse_part(part.bad)
            hold(file)
            self._reports[place] = self._reports[place].and_then(file.report)
