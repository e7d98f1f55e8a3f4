"""One file on its way in, and what is told of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path

import polars as pl

from analytics.contracts import ConsentContracts, Contracts, Source
from analytics.errors import FileRefusedError
from analytics.vault.factors import FactorBits
from analytics.vault.pseudonym import Pseudonymiser
from analytics.vault.readers.shared.rows import BAD_SCHEMA
from analytics.vault.store import Vault
from analytics.vault.times import OWN_ID


@dataclass(slots=True)
class FileReport:
    """Operators' counts of one file, in rows; never published.

    read = accepted + duplicates + quarantined + without_consent + deleted_at_source.
    """

    read: int = 0
    accepted: int = 0
    duplicates: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    without_consent: int = 0
    deleted_at_source: int = 0
    """Rows whose key the source has deleted: not stored again."""
    passed_over: int = 0
    """Records that are no mood and no total: not read, and not in `read`."""
    free_text_dropped: int = 0
    """Non-empty fields of free text that the reader dropped."""
    factors_dropped: int = 0
    """Words for factors that the declaration's map does not have."""
    off_grid: int = 0
    """Cohort values that are no key of the grid and count as unknown."""
    not_held: int = False
    """Rows were refused, and no copy waits for another try: the file names somebody who withdrew."""

    def and_then(self, later: "FileReport") -> "FileReport":
        """Return the sum of this and of what a later pass over the same file, or another file, counted."""
        both = {each.name: getattr(self, each.name) + getattr(later, each.name) for each in fields(self)}
        return FileReport(**both)


@dataclass(frozen=True)
class Batch:
    """One file to take in."""

    number: int
    path: Path
    key: bytes = field(repr=False)
    now: datetime
    whose: bytes | None = field(default=None, repr=False)
    """The pseudonym of the one person whose file it is; None where its rows say so."""
    first: "First | None" = None
    """Set where a held file is read again."""


@dataclass(frozen=True)
class First:
    """As what a held file came in before."""

    instead_of: int
    """The batch that is read again."""
    order_no: int
    """The batch as which the file came first: what later files brought stays."""
    at: datetime
    """When that was, in UTC."""


@dataclass
class File:
    """What taking in one file needs and counts; it ends with the file's transaction."""

    vault: Vault
    batch: Batch
    source: Source
    contracts: ConsentContracts
    people: Pseudonymiser
    bits: FactorBits
    source_no: int
    report: FileReport = field(default_factory=FileReport)
    consents_changed: bool = False
    """Whether the file brought consent events: what they do not cover goes before anything else is kept."""
    _found: pl.DataFrame | None = field(default=None, repr=False)
    """What `known` has told of the file's ids so far."""

    @property
    def names(self) -> dict[str, int]:
        """Return the parameters that most statements take."""
        return {"source_no": self.source_no, "batch_no": self.order_no}

    @property
    def all_contracts(self) -> Contracts:
        """Return the contracts where all were read; for a withdrawal only its own is.

        Raises:
            FileRefusedError: if only that one was.
        """
        if isinstance(self.contracts, Contracts):
            return self.contracts
        message = "The file holds something else than withdrawals."
        raise FileRefusedError(message, "Take it in with `murmuration ingest`.")

    @property
    def order_no(self) -> int:
        """Return the number by which it is told what came later: that of the batch as which the file came first."""
        return self.batch.number if self.batch.first is None else self.batch.first.order_no

    @property
    def first_at(self) -> datetime:
        """Return when the file came first."""
        return self.batch.now if self.batch.first is None else self.batch.first.at

    def refuse(self, bad: pl.DataFrame) -> None:
        """Record bad rows: where and why, never a value."""
        if bad.height:
            with self.vault.seeing("refused", bad):
                self.vault.run("quarantine_add", {"batch_no": self.batch.number})
        self.report.quarantined.update(bad["rule"].to_list())

    def refuse_lines(self, lines: Iterable[int], rule: str, column: str) -> None:
        """Record bad rows of one rule."""
        self.refuse(pl.DataFrame([(line, rule, column) for line in lines], schema=BAD_SCHEMA, orient="row"))

    def known(self, ids: pl.Series) -> pl.DataFrame:
        """Return `person_no, covers_from` per id: null where nobody of that id is known, or consents.

        Each id is looked up once a file, however many of its parts name it.
        """
        if self._found is None:
            self.vault.run("covered_person")
            self._found = self._looked_up(ids.clear())
        asked = ids.rename("id").to_frame()
        known = asked.join(self._found, on="id", how="left", maintain_order="left")
        new = asked.filter(known["looked_up"].is_null())["id"].unique()
        if len(new):
            self._found = pl.concat([self._found, self._looked_up(new)])
            known = asked.join(self._found, on="id", how="left", maintain_order="left")
        return known.select("person_no", "covers_from")

    def forget_known(self) -> None:
        """Look everybody up anew from now on: the register or the consents have changed."""
        self._found = None

    def _looked_up(self, ids: pl.Series) -> pl.DataFrame:
        pseudonyms = self.pseudonyms(ids)
        arrived = pl.DataFrame(
            {"place": range(len(pseudonyms)), "pseudonym": pseudonyms},
            schema={"place": pl.Int64, "pseudonym": pl.Binary},
        )
        with self.vault.seeing("arrived", arrived):
            return self.vault.frame("known_person").with_columns(id=ids, looked_up=True)

    def pseudonyms(self, ids: pl.Series) -> list[bytes]:
        """Return whose each id is."""
        whose = self.batch.whose
        return [self.people.of(self.source.id_domain, text) if whose is None else whose for text in ids]

    def placed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return `rows` with `person_no` and `covers_from` instead of `person_id`."""
        ids = rows["person_id"] if self.batch.whose is None else pl.Series([""] * bool(rows.height))
        found = self.known(ids)
        if self.batch.whose is not None and rows.height:
            found = pl.concat([found] * rows.height)
        return rows.drop("person_id").with_columns(found)

    def keyed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Replace the source's own ids by keyed numbers: `key_kind, key_value` instead of `key_text`."""
        if "key_kind" not in rows.columns:
            rows = rows.with_columns(key_kind=pl.lit(OWN_ID, dtype=pl.Int8), key_value=pl.lit(0, dtype=pl.Int64))
        own = rows["key_text"].is_not_null()
        if own.any():
            hashed = self.people.own_id_column(rows["key_text"].fill_null(""))
            rows = rows.with_columns(key_value=pl.when(own).then(hashed).otherwise("key_value"))
        return rows.drop("key_text")
