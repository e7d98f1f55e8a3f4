"""Mood entries into the vault."""

import polars as pl

from analytics.vault.loading.file import FileLoad
from analytics.vault.loading.spans import Spans, last_of_each_key
from analytics.vault.validation.rules import Checked

_NOT_STORED = ["line", "person_code", "covers_from"]


class EntryLoader:
    """Loads a file's entries, part by part; a later part's row replaces an earlier one's of the same key."""

    def __init__(self, file: FileLoad) -> None:
        """Begin without the source's stored keys: they are read when rows come."""
        self._file = file
        self._spans: Spans | None = None

    def forget_spans(self) -> None:
        """Forget how far known keys reach: another part of the file has changed it."""
        self._spans = None

    def load(self, checked: Checked) -> None:
        """Store what is covered by a consent in force and not known yet."""
        report = self._file.report
        rows = self._admitted(checked)
        report.without_consent += checked.good.height - rows.height
        latest = last_of_each_key(rows)
        report.duplicates += rows.height - latest.height
        if not latest.height:
            return
        self._spans = self._spans or Spans(self._file.vault, self._file.source_no)
        new, perhaps = self._spans.split(latest.drop(_NOT_STORED))
        if new.height:
            with self._file.vault.seeing("arrived", new):
                self._file.vault.run("entry_add", {"source_no": self._file.source_no})
        report.accepted += new.height
        if perhaps.height:
            self._compare(perhaps)

    def _admitted(self, checked: Checked) -> pl.DataFrame:
        file = self._file
        one = pl.Series([""]) if file.batch.owner is not None else checked.persons
        found = file.known(one)
        rows = file.keyed(checked.good)
        codes = rows["person_code"]
        if "batch_no" not in rows.columns:
            rows = rows.with_columns(batch_no=pl.lit(file.batch.number, dtype=pl.Int64))
        rows = rows.with_columns(
            person_no=found["person_no"].gather(codes), covers_from=found["covers_from"].gather(codes)
        )
        return rows.filter(pl.col("local_date") >= pl.col("covers_from"))

    def _compare(self, perhaps: pl.DataFrame) -> None:
        vault, report, source_no = self._file.vault, self._file.report, self._file.source_no
        persons, values = perhaps["person_no"], perhaps["key_value"]
        within = {
            "first_person": persons.min(),
            "last_person": persons.max(),
            "least": values.min(),
            "most": values.max(),
        }
        # No temporary table: within a transaction DuckDB keeps those that were dropped, and a file has many parts.
        with vault.seeing("arrived", perhaps.with_row_index("place")):
            named = {"source_no": source_no, "again": self._file.again}
            others = vault.frame("entry_status", {**named, **within})
        changed = others["status"] == "changed"
        admitted = others.filter(pl.col("status") != "deleted")
        rows = perhaps[admitted["place"]].with_columns(admitted["factors"])
        replaced = rows.filter(admitted["status"] == "changed")
        if replaced.height:
            with vault.seeing("arrived", replaced):
                vault.run("replaced_entry_remove", {"source_no": source_no})
        if rows.height:
            with vault.seeing("arrived", rows):
                vault.run("entry_add", {"source_no": source_no})
        # A row that replaces an earlier one of the same file makes that one the duplicate.
        again = int((changed & others["same_file"]).sum())
        report.deleted_at_source += others.height - admitted.height
        report.duplicates += perhaps.height - others.height + again
        report.accepted += admitted.height - again
