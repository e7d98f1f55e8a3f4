"""Withdrawals as a list of people: one person per line, and nothing else is needed.

Columns: `person_id`, and where there are any `id_domain`, `recorded_at` (without it a withdrawal holds from now on) and
`event`, where only `withdrawn` or nothing is a withdrawal. `granted` is refused, since it says the opposite; any other
word suspends. Any other column is ignored, so that a file of consent events fits too.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from analytics.contracts import Source
from analytics.vault.readers.shared.consent_words import GRANTED, WITHDRAWN
from analytics.vault.readers.shared.delimited import Fields, read_delimited
from analytics.vault.readers.shared.rows import BAD_SCHEMA, RawRows
from analytics.vault.readers.shared.withdrawn_lines import withdrawals_on
from analytics.vault.validation.rule_names import RuleName

_OPTIONAL = ("id_domain", "event", "recorded_at")


def read(path: Path, source: Source) -> Iterator[RawRows]:
    """Yield the file's events. Raises FileRefusedError for its header or container only."""
    fields = Fields(required={"person_id": "person_id"}, optional={name: name for name in _OPTIONAL})
    for part in read_delimited(path, source.delimiter, fields):
        event = pl.lit("") if "event" not in part.rows.columns else pl.col("event").str.strip_chars().str.to_lowercase()
        said = part.rows.with_columns(event=event)
        others = said["event"] == GRANTED
        refused = said.filter(others).select("line", rule=pl.lit(RuleName.NOT_ALLOWED), column=pl.lit("event"))
        rows = said.filter(~others).with_columns(event=pl.col("event").replace("", WITHDRAWN))
        readable = withdrawals_on(path, source.delimiter, set(part.bad["line"]), WITHDRAWN) if part.bad.height else None
        bad = part.bad if readable is None else part.bad.filter(~part.bad["line"].is_in(readable["line"].implode()))
        yield replace(
            part,
            kind="consent",
            rows=rows,
            bad=pl.concat([bad, refused.select(pl.col(name).cast(kind) for name, kind in BAD_SCHEMA.items())]),
        )
        if readable is not None:
            yield replace(part, kind="consent", rows=readable, bad=bad.clear(), free_text_fields=0)
