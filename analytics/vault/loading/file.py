"""One file that is being loaded, and its report."""

import json
from collections import Counter
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from analytics.contracts import ConsentContracts, Contract, Contracts, Source
from analytics.errors import FileRefusedError
from analytics.vault.database import Vault
from analytics.vault.loading.factor_bits import FactorBits
from analytics.vault.pseudonym import Pseudonymiser
from analytics.vault.readers import file_names
from analytics.vault.readers.shared.rows import RawRows, taken_apart
from analytics.vault.times import OWN_ID
from analytics.vault.validation.rule_names import RuleName
from analytics.vault.validation.rules import JUDGED_SCHEMA

NUMBERED = "#"
"""Comes before a person's number that replaces an id, so that no declaration's `missing` text equals it."""


@dataclass(slots=True)
class FileReport:
    """Operators' counts of one file, in rows; never published.

    read = accepted + duplicates + quarantined + without_consent + deleted_at_source + suspended.
    """

    read: int = 0
    accepted: int = 0
    duplicates: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    without_consent: int = 0
    deleted_at_source: int = 0
    """Rows whose key the source has deleted: not stored again."""
    suspended: int = 0
    """Consent rows without a clear yes or no: the person is suspended until a clear event comes."""
    passed_over: int = 0
    """Records that are neither a mood nor a total: not read, and not in `read`."""
    free_text_dropped: int = 0
    """Non-empty fields of free text that the reader dropped."""
    factors_dropped: int = 0
    """Words for factors that the declaration's map does not have."""
    off_grid: int = 0
    """Cohort values that are no key of the grid and count as unknown."""
    held: int = 0
    """Of the quarantined: records of people with consent in force, held for a retry."""

    @property
    def not_held(self) -> int:
        """Of the quarantined: rows without a known person who consents, and rows that cannot be split into columns."""
        return self.quarantined.total() - self.held

    def and_then(self, later: "FileReport") -> "FileReport":
        """Return the sum of this and of what a later pass over the same file, or another file, counted."""
        both = {each.name: getattr(self, each.name) + getattr(later, each.name) for each in fields(self)}
        return FileReport(**both)


@dataclass(frozen=True)
class Batch:
    """One file to ingest."""

    number: int
    path: Path
    key: bytes = field(repr=False)
    now: datetime
    owner: bytes | None = field(default=None, repr=False)
    """The pseudonym of the file's one person; None where each row names its own."""


@dataclass
class FileLoad:
    """What loading one file needs and counts; it ends with the file's transaction.

    `first_at`: when the file came. `again`: a retry of its refused records, which name people by their numbers.
    """

    vault: Vault
    batch: Batch
    source: Source
    contracts: ConsentContracts
    people: Pseudonymiser
    bits: FactorBits
    source_no: int
    first_at: datetime
    again: bool = False
    report: FileReport = field(default_factory=FileReport)
    consents_changed: bool = False
    """Whether the file brought consent events: what they do not cover is erased before anything else is loaded."""
    repeated_withdrawals: list[pl.DataFrame] = field(default_factory=list, repr=False)
    """`suppression_hash, withdrawn_at`: withdrawals that people with a waiting deletion sent once more."""
    part: RawRows | None = field(default=None, repr=False)
    """The part that is being loaded."""
    refused_again: dict[int, tuple[str, str]] = field(default_factory=dict)
    """By line, the rule and column of records that a retry refused again."""
    waits: bool = False
    """Whether refused records wait for the file's consents to be settled."""
    _found: pl.DataFrame | None = field(default=None, repr=False)
    """What `known` has found of the file's ids so far."""

    @property
    def names(self) -> dict[str, int]:
        """Return the parameters of most statements."""
        return {"source_no": self.source_no, "batch_no": self.batch.number}

    @property
    def compare_parameters(self) -> dict[str, int | bool]:
        """Return the parameters of statements that compare arrived rows with stored ones."""
        return {**self.names, "again": self.again}

    @property
    def all_contracts(self) -> Contracts:
        """Return all contracts; for a withdrawal only its own was read.

        Raises:
            FileRefusedError: if only that one was.
        """
        if isinstance(self.contracts, Contracts):
            return self.contracts
        message = "The file contains rows that are not withdrawals."
        raise FileRefusedError(message, "Ingest it with `murmuration ingest`.")

    def contract_of_rows(self, contract: Contract) -> Contract:
        """Return a contract as it applies to the file's rows: records of a retry name people by number, not by id."""
        return contract.without_id_patterns() if self.again else contract.with_id_pattern(self.source.id_pattern)

    def refuse_part(self, bad: pl.DataFrame) -> None:
        """Record the refused rows of the part that is being loaded: its reader's, and `bad` (`JUDGED_SCHEMA`)."""
        part = self.part
        if part is None or not (part.bad.height or bad.height):
            return
        self.report.quarantined.update([*part.bad["rule"], *bad["rule"]])
        if self.again:
            for line, rule, column in [*part.bad.rows(), *bad.select(part.bad.columns).rows()]:
                self.refused_again[line] = rule, column
            return
        self._count(part.bad.join(part.apart, on="line", how="anti"))
        judged = taken_apart(part.rows[bad["place"]], part.kind, bad) if bad.height else part.apart.clear()
        self._hold(pl.concat([part.apart, judged]))

    def refuse_lines(self, lines: list[int], rule: RuleName, column: str) -> None:
        """Record rows of the part that is being loaded as refused by one rule."""
        if self.part is None or not lines:
            return
        rows = self.part.rows.with_row_index("place").filter(pl.col("line").is_in(lines))
        bad = rows.select("line", "place", rule=pl.lit(rule), column=pl.lit(column)).select(*JUDGED_SCHEMA)
        part, self.part = self.part, replace(self.part, bad=self.part.bad.clear(), apart=self.part.apart.clear())
        self.refuse_part(bad)
        self.part = part

    def _count(self, bad: pl.DataFrame) -> None:
        """Count refused rows without holding them: where and why, never a value."""
        if bad.height:
            with self.vault.seeing("refused", bad):
                self.vault.run("quarantine_add", {"batch_no": self.batch.number})

    def _hold(self, apart: pl.DataFrame) -> None:
        """Hold refused records until the file's consents are settled; a row without an id is only counted."""
        owner, default = self.batch.owner, self.source.id_domain
        if owner is None:
            no_id = pl.col("person_id").str.strip_chars().is_in(["", *self.source.missing])
            nameless = pl.col("column").is_in(["person_id", "id_domain"]) | no_id
            self._count(apart.filter(nameless))
            apart = apart.filter(~nameless)
            domain = pl.col("id_domain").str.strip_chars()
            domains = apart.select(pl.when(domain == "").then(pl.lit(default)).otherwise(domain)).to_series()
            pseudonyms = self.people.column(domains, apart["person_id"])
        else:
            pseudonyms = pl.Series([owner] * apart.height, dtype=pl.Binary)
        if not apart.height:
            return
        names = file_names(self.source)
        if names:
            texts = [_renamed(one, names) for one in apart["texts"]]
            apart = apart.with_columns(texts=pl.Series(texts, dtype=pl.String))
        if not self.waits:
            self.vault.run("refused/waiting")
            self.waits = True
        with self.vault.seeing("refused", apart.drop("person_id", "id_domain").with_columns(pseudonym=pseudonyms)):
            self.vault.run("refused/waiting_add")

    def pseudonyms(self, rows: pl.DataFrame) -> pl.Series:
        """Return the pseudonyms of `rows` with `id_domain, person_id`."""
        if self.again:
            return self._numbered(rows["person_id"])["pseudonym"]
        return self.people.column(rows["id_domain"], rows["person_id"])

    def known(self, ids: pl.Series) -> pl.DataFrame:
        """Return `person_no, covers_from` per id: null where no known person has that id, or has no consent in force.

        Each id is looked up once a file, however many of its parts name it.
        """
        if self._found is None:
            self.vault.run("covered_person")
            self._found = self._looked_up(ids.clear())
        wanted = ids.rename("id").to_frame()
        known = wanted.join(self._found, on="id", how="left", maintain_order="left")
        new = wanted.filter(known["looked_up"].is_null())["id"].unique()
        if len(new):
            self._found = pl.concat([self._found, self._looked_up(new)])
            known = wanted.join(self._found, on="id", how="left", maintain_order="left")
        return known.select("person_no", "covers_from")

    def forget_people(self) -> None:
        """Look everybody up again from now on: the register or the consents have changed."""
        self._found = None

    def _looked_up(self, ids: pl.Series) -> pl.DataFrame:
        if self.again:
            return self._numbered(ids).drop("pseudonym").with_columns(id=ids, looked_up=True)
        pseudonyms = self.owners_of(ids)
        arrived = pl.DataFrame(
            {"place": range(len(pseudonyms)), "pseudonym": pseudonyms},
            schema={"place": pl.Int64, "pseudonym": pl.Binary},
        )
        with self.vault.seeing("arrived", arrived):
            return self.vault.frame("known_person").with_columns(id=ids, looked_up=True)

    def owners_of(self, ids: pl.Series) -> list[bytes]:
        """Return the pseudonym of the person that each id names."""
        owner = self.batch.owner
        return [self.people.of(self.source.id_domain, text) if owner is None else owner for text in ids]

    def _numbered(self, ids: pl.Series) -> pl.DataFrame:
        numbers = ids.str.strip_prefix(NUMBERED).cast(pl.Int32)
        arrived = pl.DataFrame(
            {"place": range(len(numbers)), "person_no": numbers}, schema={"place": pl.Int64, "person_no": pl.Int32}
        )
        with self.vault.seeing("arrived", arrived):
            return self.vault.frame("refused/known_number")

    def with_people(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return `rows` with `person_no` and `covers_from` in place of `person_id`."""
        ids = rows["person_id"] if self.batch.owner is None else pl.Series([""] * bool(rows.height))
        found = self.known(ids)
        if self.batch.owner is not None and rows.height:
            found = pl.concat([found] * rows.height)
        return rows.drop("person_id").with_columns(found)

    def keyed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Replace the source's own ids by keyed numbers: `key_kind, key_value` in place of `key_text`."""
        if "key_kind" not in rows.columns:
            rows = rows.with_columns(key_kind=pl.lit(OWN_ID, dtype=pl.Int8), key_value=pl.lit(0, dtype=pl.Int64))
        own = rows["key_text"].is_not_null()
        if own.any():
            hashed = self.people.own_id_column(rows["key_text"].fill_null(""))
            rows = rows.with_columns(key_value=pl.when(own).then(hashed).otherwise("key_value"))
        return rows.drop("key_text")


def _renamed(texts: str, names: dict[str, str]) -> str:
    """Return a record's texts by the file's own names of the columns."""
    return json.dumps({names.get(name, name): text for name, text in json.loads(texts).items()})
